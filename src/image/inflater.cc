#include "image/inflater.h"

#include <algorithm>
#include <cstring>

#include <sys/mman.h>

#include "archive/decompress.h"
#include "archive/hash.h"
#include "image/blob_reader.h"
#include "image/confinement.h"
#include "os/socket.h"

namespace sbx::image {

static constexpr std::size_t kPieces = 4;
static constexpr std::size_t kPiece = std::size_t{256} * 1024;

// What a message begins with.
static constexpr char kFull = 'p';
static constexpr char kHash = 'h';
static constexpr char kFailed = 'e';

void Inflater::Unmap::operator()(char* memory) const { ::munmap(memory, kPieces * kPiece); }

static std::span<char> piece_of(char* memory, std::size_t number) {
    return {memory + number % kPieces * kPiece, kPiece};
}

static std::string full_message(std::size_t size) {
    std::string bytes(1, kFull);
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
    return bytes;
}

static Result<std::string> inflate(const Inflation& what, char* memory, os::FdView line) {
    const std::unique_ptr<archive::Reader> plain =
        TRY(archive::decompress(std::make_unique<BlobReader>(what.blob, what.arrivals, what.size)));
    archive::HashingReader hashed(*plain, what.most);
    for (std::size_t number = 0;; ++number) {
        if (number >= kPieces && !TRY(os::receive_message(line)))
            return Error(Error::Kind::failed, "nobody reads what is inflated");
        const std::size_t size = TRY(archive::read_full(hashed, piece_of(memory, number)));
        if (size == 0) return std::move(hashed).hex();
        TRY(os::send_message(line, full_message(size)));
    }
}

static void inflater_main(const Inflation& what, char* memory, os::FdView line) {
    const Result<std::string> hex = [&]() -> Result<std::string> {
        TRY(os::close_all_but({os::FdView::number(0), os::FdView::number(1), os::FdView::number(2),
                               what.blob, what.arrivals, line}));
        TRY(os::die_with_parent());
        TRY(allow_streams_alone());
        return inflate(what, memory, line);
    }();
    const Result<> told = os::send_message(line, hex ? kHash + *hex : kFailed + hex.error().pack());
    // Closed with a message unread, a socket takes back those that the other side has not read.
    while (told && os::receive_message(line).value_or(std::nullopt)) {
    }
    ::_exit(0);
}

Result<Inflater> Inflater::start(const Inflation& inflation) {
    void* const shared = ::mmap(nullptr, kPieces * kPiece, PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return Error::from_errno(errno, "share memory");
    Memory memory(static_cast<char*>(shared));
    os::SocketPair line = TRY(os::open_socket_pair());
    os::Process process =
        TRY(os::spawn(0, [&] { inflater_main(inflation, memory.get(), os::FdView(line.other)); }));
    return Inflater(std::move(memory), std::move(process), std::move(line.one));
}

// What the other process says is not trusted further than an Error's words: it may have been taken
// over by the layer.
Result<> Inflater::hear() {
    const std::optional<os::Message> message = TRY(os::receive_message(line_));
    if (!message) return Error(Error::Kind::failed, "the process that inflates it ended early");
    const std::string_view rest = std::string_view(message->bytes).substr(1);
    at_ = size_ = 0;
    switch (message->bytes.front()) {
        case kHash: hex_ = rest; return {};
        case kFailed: return Error::unpack(rest);
        default: break;
    }
    std::memcpy(&size_, rest.data(), std::min(rest.size(), sizeof size_));
    size_ = std::min(size_, kPiece);
    ++pieces_;
    return {};
}

Result<std::size_t> Inflater::read(std::span<char> into) {
    if (at_ == size_ && !hex_) TRY(hear());
    if (at_ == size_) return std::size_t{0};
    const std::size_t size = std::min(into.size(), size_ - at_);
    std::memcpy(into.data(), piece_of(memory_.get(), pieces_ - 1).data() + at_, size);
    at_ += size;
    if (at_ == size_) (void)os::send_message(line_, "free");  // or there is nothing more to do
    return size;
}

Result<std::string> Inflater::hex() && {
    if (!hex_) return Error(Error::Kind::failed, "the layer was not read to its end");
    return std::move(*hex_);
}

}  // namespace sbx::image
