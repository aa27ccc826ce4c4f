# Every target of ours links mk_warnings; headers of libraries are SYSTEM and stay silent.
add_library(mk_warnings INTERFACE)
target_compile_options(mk_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  # Whoever builds to use it is not stopped by what another compiler finds.
  $<$<NOT:$<CONFIG:Release>>:-Werror>
  # Designated initializers are there to leave fields at their defaults; GCC warns of each one left out.
  -Wno-missing-field-initializers)
