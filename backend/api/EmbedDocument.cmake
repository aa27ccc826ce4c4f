# cmake -DDOCUMENT=... -DOUT=... -P: writes the document as a C++ array. Bytes, since a literal of this size is
# longer than compilers promise to take.
file(READ "${DOCUMENT}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," characters "${bytes}")
string(REGEX REPLACE "(([^,]+,)(([^,]+,)(([^,]+,)(([^,]+,)))))" "\\1\n" characters "${characters}")
file(WRITE "${OUT}" "#include \"api/openapi_document.h\"\n\nnamespace modelkeep::api {\nnamespace {\n\n"
  "constexpr char kBytes[] = {\n${characters}};\n\n}  // namespace\n\n"
  "const std::string_view kOpenApiDocument{kBytes, sizeof kBytes};\n\n}  // namespace modelkeep::api\n")
