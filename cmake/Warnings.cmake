# Every target of ours links mk_warnings; headers of libraries are SYSTEM and stay silent.
add_library(mk_warnings INTERFACE)
target_compile_options(mk_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
