# Makes one array of the folder migrations/, in the order of its file names, as ${MIGRATIONS_CPP}.
file(GLOB migration_files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/migrations/*.sql)
list(SORT migration_files)
set(migration_entries "")
foreach(migration_file IN LISTS migration_files)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${migration_file})
  get_filename_component(migration_name ${migration_file} NAME)
  file(READ ${migration_file} migration_text)
  string(APPEND migration_entries
    "    Migration{\"${migration_name}\", R\"sql(\n${migration_text})sql\"},\n")
endforeach()
set(MIGRATIONS_CPP ${CMAKE_CURRENT_BINARY_DIR}/migrations.cpp)
file(CONFIGURE OUTPUT ${MIGRATIONS_CPP} @ONLY CONTENT [[
#include "catalog/migrations.h"

#include <array>

namespace modelkeep::catalog {
namespace {
constexpr auto kMigrations = std::to_array<Migration>({
@migration_entries@});
}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

}  // namespace modelkeep::catalog
]])
