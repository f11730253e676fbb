passwd last extauth
group last extauth
