# What `cmake --install` installs, and the packages of cpack. Two parts: the
# program with its manual, completions and the scenarios that ship; and for
# development the rooms as libraries, their headers and the package of
# find_package(rebisect).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/rebisect)
set(headers_dir ${CMAKE_INSTALL_INCLUDEDIR}/rebisect)
set(data_dir ${CMAKE_INSTALL_DATADIR}/rebisect)

foreach(
  part
  options
  sim
  sim_io
  sim_git
  scenarios
  oracle
  harness)
  set_target_properties(rebisect_${part} PROPERTIES EXPORT_NAME ${part})
  add_library(rebisect::${part} ALIAS rebisect_${part})
  install(
    TARGETS rebisect_${part}
    EXPORT rebisect-targets
    ARCHIVE COMPONENT development
    INCLUDES
    DESTINATION ${headers_dir})
endforeach()
install(
  EXPORT rebisect-targets
  NAMESPACE rebisect::
  DESTINATION ${package_dir}
  COMPONENT development)

# In a file of its own, so that the others can be used without GoogleTest.
if(TARGET rebisect_testing)
  set_target_properties(rebisect_testing PROPERTIES EXPORT_NAME testing)
  add_library(rebisect::testing ALIAS rebisect_testing)
  target_compile_definitions(
    rebisect_testing
    INTERFACE
      $<INSTALL_INTERFACE:REBISECT_SUITES_DIR="$<INSTALL_PREFIX>/${data_dir}/suites">
  )
  install(
    TARGETS rebisect_testing
    EXPORT rebisect-testing-targets
    ARCHIVE COMPONENT development)
  install(
    EXPORT rebisect-testing-targets
    NAMESPACE rebisect::
    DESTINATION ${package_dir}
    COMPONENT development)
endif()

# The headers as they include one another: "sim/graph/commit_graph.h". Those that
# stand behind the doors (libgit2, the command line) stay there.
install(
  DIRECTORY sim scenarios oracle harness
  DESTINATION ${headers_dir}
  COMPONENT development
  FILES_MATCHING
  PATTERN "*.h"
  PATTERN "sim/git/commit_source.h" EXCLUDE
  PATTERN "sim/git/handles.h" EXCLUDE
  PATTERN "sim/git/loose_backend.h" EXCLUDE
  PATTERN "sim/git/repository_impl.h" EXCLUDE
  PATTERN "sim/git/substitutions.h" EXCLUDE
  PATTERN "harness/cli" EXCLUDE
  PATTERN "harness/reference" EXCLUDE
  PATTERN "scenarios/experiments" EXCLUDE
  PATTERN "scenarios/policies" EXCLUDE
  PATTERN "scenarios/recorded" EXCLUDE
  PATTERN "scenarios/slurm" EXCLUDE
  PATTERN "scenarios/suites" EXCLUDE
  PATTERN "scenarios/tools" EXCLUDE)

# Suites name recordings by the way from one folder to the other.
install(DIRECTORY scenarios/suites scenarios/tools scenarios/recorded
                  scenarios/gates
        DESTINATION ${data_dir} COMPONENT program)

set(suites_dir ${data_dir}/suites)
set(tools_dir ${data_dir}/tools)
configure_package_config_file(
  third_party/rebisect-config.cmake.in
  ${PROJECT_BINARY_DIR}/rebisect-config.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS suites_dir tools_dir)
# Before 1.0 every minor version may break its users.
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/rebisect-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/rebisect-config.cmake
              ${PROJECT_BINARY_DIR}/rebisect-config-version.cmake
        DESTINATION ${package_dir} COMPONENT development)

# The program. As `git-rebisect` on PATH it is a command of git.
install(TARGETS rebisect COMPONENT program)
install(
  CODE "file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
        file(CREATE_LINK rebisect \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/git-rebisect\" SYMBOLIC)"
  COMPONENT program)
set(written ${PROJECT_BINARY_DIR}/reference)
install(
  DIRECTORY ${written}/man1
  DESTINATION ${CMAKE_INSTALL_MANDIR}
  COMPONENT program)
set(bash_dir ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${written}/bash/rebisect DESTINATION ${bash_dir}
        COMPONENT program)
# Under this name bash finds it when `git rebisect` is completed.
install(FILES ${written}/bash/rebisect DESTINATION ${bash_dir}
        RENAME git-rebisect COMPONENT program)
install(FILES ${written}/zsh/_rebisect
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
        COMPONENT program)
install(FILES ${written}/fish/rebisect.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
        COMPONENT program)
install(FILES third_party/copyright ${written}/changelog.gz
        DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(FILES third_party/copyright ${written}/changelog.gz
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/librebisect-dev
        COMPONENT development)

# Debian's packages: `./dev package`.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR rebisect)
set(CPACK_PACKAGE_CONTACT "The rebisect authors <authors@rebisect.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME rebisect)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
    "replay recorded bisections, and test tools that bisect
It reads the log of a bisection that somebody ran, follows it on the real
commit graph with the git that chose the commits, and says whether the result
holds, how far it can be trusted, and what other policies would have made of
it. It also runs experiments with policies, and tests bisect tools against
histories whose answer is known.")
# What is linked, by dpkg-shlibdeps; the rest is run.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS git)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "graphviz, mercurial")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME librebisect-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "libraries and headers to test bisect tools with rebisect
Static libraries, headers and the CMake package of rebisect: scenarios as
tests of GoogleTest, and all that the program is made of.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "rebisect (= ${PROJECT_VERSION}), cmake, libboost-dev, libexpected-dev, \
libfmt-dev, libgit2-dev, libgmock-dev, libgtest-dev, librandom123-dev, \
libsqlite3-dev, libyaml-cpp-dev, nlohmann-json3-dev, pkg-config, zlib1g-dev")
include(CPack)
