# One C++ file with every template of deploy/nginx/, so that the binary needs no file of ours to start.
function(embed_nginx_templates out)
  file(GLOB templates CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/deploy/nginx/*.conf.in)
  set(rows "")
  foreach(template IN LISTS templates)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${template})
    get_filename_component(name ${template} NAME_WLE)
    file(READ ${template} text)
    string(APPEND rows "    {\"${name}\", R\"nginx(${text})nginx\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT "#include \"app/nginx_templates.h\"

namespace modelkeep::app {
namespace {
constexpr NginxTemplate kTemplates[] = {
@rows@};
}  // namespace
std::span<const NginxTemplate> nginx_templates() { return kTemplates; }
}  // namespace modelkeep::app
")
endfunction()
