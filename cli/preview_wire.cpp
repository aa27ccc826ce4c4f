#include "cli/preview_wire.h"

namespace modelkeep::cli {

void from_json(json::Reader& in, PreviewGroup& out) {
  in.required("kind", out.kind)
      .optional("format", out.format)
      .optional("duplicate_of", out.duplicate_of)
      .optional("file_count", out.file_count)
      .optional("size_bytes", out.size_bytes)
      .optional("stored_bytes", out.stored_bytes);
}

void from_json(json::Reader& in, PreviewQuant& out) {
  in.required("name", out.name)
      .required("pattern", out.pattern)
      .optional("file_count", out.file_count)
      .optional("size_bytes", out.size_bytes);
}

void from_json(json::Reader& in, PreviewChoice& out) {
  in.optional("file_count", out.file_count)
      .optional("size_bytes", out.size_bytes)
      .optional("fetch_bytes", out.fetch_bytes);
}

void from_json(json::Reader& in, PreviewDisk& out) {
  in.optional("free_bytes", out.free_bytes)
      .optional("after_bytes", out.after_bytes)
      .optional("after_queue_bytes", out.after_queue_bytes)
      .optional("fits", out.fits);
}

void from_json(json::Reader& in, Preview& out) {
  in.required("canonical_name", out.canonical_name)
      .required("revision", out.revision)
      .required("commit", out.commit)
      .optional("license", out.license)
      .optional("task", out.task)
      .optional("gated", out.gated)
      .optional("accessible", out.accessible)
      .required("groups", out.groups)
      .optional("quants", out.quants)
      .optional("suggested_ignore_patterns", out.suggested_ignore_patterns)
      .optional("suggested", out.suggested)
      .optional("selected", out.selected)
      .optional("disk", out.disk);
}

void from_json(json::Reader& in, PreviewAnswer& out) {
  in.required("preview", out.preview);
}

}  // namespace modelkeep::cli
