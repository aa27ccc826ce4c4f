# cmake -DDOCUMENT=... -DOUT=... -P: writes the words of the snippets as a C++ array of bytes.
file(READ "${DOCUMENT}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," characters "${bytes}")
file(WRITE "${OUT}" "#include \"cli/snippet_words.h\"\n\nnamespace modelkeep::cli {\nnamespace {\n\n"
  "constexpr char kBytes[] = {\n${characters}};\n\n}  // namespace\n\n"
  "const std::string_view kSnippetWords{kBytes, sizeof kBytes};\n\n}  // namespace modelkeep::cli\n")
