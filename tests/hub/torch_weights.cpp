// What torch.save writes: a zip without compression, every member's data at a multiple of 64 bytes,
// holding data.pkl (pickle protocol 2) and one raw file a tensor.
#include <string>
#include <string_view>
#include <vector>

#include "tests/hub/little_endian.h"
#include "tests/hub/weights.h"

namespace modelkeep::standin {
namespace {

constexpr std::uint64_t kDataAlignment = 64;
constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kCentralHeader = 0x02014b50;
constexpr std::uint32_t kEndOfDirectory = 0x06054b50;
constexpr std::size_t kLocalHeaderBytes = 30;

// --- the pickle: opcodes of protocol 2 ---

void put_text(std::string& out, std::string_view text) {
  out += 'X';  // BINUNICODE
  put_le(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

void put_number(std::string& out, std::uint64_t number) {
  out += 'J';  // BININT
  put_le(out, static_cast<std::uint32_t>(number));
}

void put_numbers(std::string& out, const std::vector<std::uint64_t>& numbers) {
  out += '(';
  for (const std::uint64_t number : numbers) put_number(out, number);
  out += 't';  // MARK ... TUPLE
}

void put_global(std::string& out, std::string_view module, std::string_view name) {
  out += 'c';
  out += module;
  out += '\n';
  out += name;
  out += '\n';
}

void put_empty_ordered_dict(std::string& out) {
  put_global(out, "collections", "OrderedDict");
  out += ")R";  // EMPTY_TUPLE REDUCE
}

void put_tensor(std::string& out, const Tensor& tensor, std::size_t storage) {
  put_global(out, "torch._utils", "_rebuild_tensor_v2");
  out += "((";  // the arguments, the first of them the storage's persistent id
  put_text(out, "storage");
  put_global(out, "torch", "FloatStorage");
  put_text(out, std::to_string(storage));
  put_text(out, "cpu");
  put_number(out, element_count(tensor));
  out += "tQ";  // TUPLE BINPERSID
  put_number(out, 0);
  put_numbers(out, tensor.shape);
  std::vector<std::uint64_t> strides(tensor.shape.size(), 1);
  for (std::size_t i = strides.size(); i-- > 1;) strides[i - 1] = strides[i] * tensor.shape[i];
  put_numbers(out, strides);
  out += '\x89';  // NEWFALSE: needs no gradient
  put_empty_ordered_dict(out);
  out += "tR";
}

std::string pickle_of(const std::vector<Tensor>& tensors) {
  std::string out{"\x80\x02", 2};
  put_empty_ordered_dict(out);
  out += '(';
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    put_text(out, tensors[i].name);
    put_tensor(out, tensors[i], i);
  }
  out += "u.";  // SETITEMS STOP
  return out;
}

// --- the zip ---

struct Member {
  std::string name;
  std::uint32_t crc = 0;
  std::uint32_t size_bytes = 0;
  std::uint32_t header_at = 0;
};

// The fields that local and central headers share.
void put_facts(std::string& out, const Member& member, std::size_t extra_bytes) {
  put_le(out, std::uint16_t{0});       // flags
  put_le(out, std::uint16_t{0});       // stored
  put_le(out, std::uint16_t{0});       // time
  put_le(out, std::uint16_t{0x5C21});  // date: 2026-01-01
  put_le(out, member.crc);
  put_le(out, member.size_bytes);
  put_le(out, member.size_bytes);
  put_le(out, static_cast<std::uint16_t>(member.name.size()));
  put_le(out, static_cast<std::uint16_t>(extra_bytes));
}

class ZipWriter {
 public:
  void add(std::string name, const Content& data) {
    Member member{std::move(name), crc32_of(data), static_cast<std::uint32_t>(data.size()),
                  static_cast<std::uint32_t>(out_.size())};
    const std::size_t bare = kLocalHeaderBytes + member.name.size() + 4;
    const std::size_t padding =
        (kDataAlignment - (out_.size() + bare) % kDataAlignment) % kDataAlignment;
    std::string header;
    put_le(header, kLocalHeader);
    put_le(header, std::uint16_t{20});
    put_facts(header, member, 4 + padding);
    header += member.name;
    header += "FB";  // torch's own extra field: nothing but padding
    put_le(header, static_cast<std::uint16_t>(padding));
    header.append(padding, 'Z');
    out_.append(std::move(header));
    out_.append(data);
    members_.push_back(std::move(member));
  }

  Content finish() && {
    std::string directory;
    for (const Member& member : members_) {
      put_le(directory, kCentralHeader);
      put_le(directory, std::uint16_t{20});
      put_le(directory, std::uint16_t{20});
      put_facts(directory, member, 0);
      put_le(directory, std::uint16_t{0});  // comment
      put_le(directory, std::uint16_t{0});  // disk
      put_le(directory, std::uint16_t{0});  // internal attributes
      put_le(directory, std::uint32_t{0});  // external attributes
      put_le(directory, member.header_at);
      directory += member.name;
    }
    const auto count = static_cast<std::uint16_t>(members_.size());
    std::string end;
    put_le(end, kEndOfDirectory);
    put_le(end, std::uint32_t{0});  // disks
    put_le(end, count);
    put_le(end, count);
    put_le(end, static_cast<std::uint32_t>(directory.size()));
    put_le(end, static_cast<std::uint32_t>(out_.size()));
    put_le(end, std::uint16_t{0});
    out_.append(directory + end);
    return std::move(out_);
  }

 private:
  Content out_;
  std::vector<Member> members_;
};

}  // namespace

Content torch_content(const std::vector<Tensor>& tensors, std::uint64_t seed) {
  ZipWriter zip;
  zip.add("archive/data.pkl", Content::text(pickle_of(tensors)));
  zip.add("archive/byteorder", Content::text("little"));
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    zip.add("archive/data/" + std::to_string(i),
            Content::generated(seed + i, element_count(tensors[i]) * 4, Grain::float32));
  }
  zip.add("archive/version", Content::text("3\n"));
  return std::move(zip).finish();
}

}  // namespace modelkeep::standin
