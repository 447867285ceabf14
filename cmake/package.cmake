# What `cmake --install` puts where, and the Debian package that CPack makes of it. The man page and
# the unit are made at build time; `script/package` builds all that is needed.
include(GNUInstallDirs)

set(man_page ${PROJECT_BINARY_DIR}/ringbook.1.gz)
add_custom_command(OUTPUT ${man_page}
  COMMAND ${PROJECT_SOURCE_DIR}/packaging/man $<TARGET_FILE:ringbook> > ringbook.1
  COMMAND gzip -9nf ringbook.1
  DEPENDS ringbook packaging/man
  VERBATIM)
add_custom_target(man DEPENDS ${man_page})
configure_file(packaging/ringbook.service.in ringbook.service @ONLY)

install(TARGETS ringbook)
install(FILES ${man_page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_BINARY_DIR}/ringbook.service DESTINATION lib/systemd/system)
install(FILES packaging/ringbook.conf DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/ringbook)
install(FILES packaging/ringbook.bash RENAME ringbook
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES packaging/_ringbook DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(DIRECTORY packaging/monitoring DESTINATION ${CMAKE_INSTALL_DATADIR}/ringbook)
install(FILES CHANGELOG.md packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.md
        PATTERN openapi.json)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "the authors of Ringbook <ringbook@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "keep track of who has which RingCentral extension")
set(CPACK_PACKAGE_DESCRIPTION "One small server with an HTTP API, and the commands around it. No number is given
twice, nothing acknowledged is lost, and every change says who made it.")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
  GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_SET_DESTDIR ON)  # Settings are not below the prefix.
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, init-system-helpers")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(control_files conffiles postinst prerm postrm)
list(TRANSFORM control_files PREPEND ${PROJECT_SOURCE_DIR}/packaging/)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${control_files})
include(CPack)
