# Shell code of the preinst of each package; #READS# is the newest format of the
# registry that this version reads. Upgrades of the packages never change the
# format, `extauthctl registry upgrade` does. A downgrade to a version that
# cannot read it ends here, before anything is replaced.
registry=/var/lib/extauth/registry
if [ "$1" = install ] || [ "$1" = upgrade ]; then
	if [ -s "$registry" ] && [ "$(od -An -tc -N8 "$registry" |
		tr -d ' \n')" = EXTAUTHR ]; then
		format=$(od -An -tu4 -j8 -N4 "$registry" | tr -d ' \n')
		if [ "${format:-0}" -gt #READS# ]; then
			cat >&2 <<-END
			$DPKG_MAINTSCRIPT_PACKAGE: $registry has format $format; this version
			reads up to #READS#, so that no registered user could log in. Keep the
			newer version, or see "Going back" in its README.Debian.
			END
			exit 1
		fi
	fi
fi
