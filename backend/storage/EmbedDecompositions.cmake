# Makes one literal of decompositions.txt, as ${DECOMPOSITIONS_CPP}.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${CMAKE_CURRENT_SOURCE_DIR}/decompositions.txt)
file(READ ${CMAKE_CURRENT_SOURCE_DIR}/decompositions.txt decompositions_text)
set(DECOMPOSITIONS_CPP ${CMAKE_CURRENT_BINARY_DIR}/decompositions.cpp)
file(CONFIGURE OUTPUT ${DECOMPOSITIONS_CPP} @ONLY CONTENT [[
#include "storage/case_folding.h"

namespace modelkeep::storage {

std::string_view decompositions_text() { return R"table(@decompositions_text@)table"; }

}  // namespace modelkeep::storage
]])
