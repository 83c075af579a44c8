#include "image/inflater.h"

#include <vector>

#include "archive/decompress.h"
#include "archive/hash.h"
#include "image/blob_reader.h"
#include "image/confinement.h"
#include "os/file.h"
#include "os/socket.h"

namespace sbx::image {

static constexpr std::size_t kPipe = std::size_t{1} << 20;
static constexpr std::size_t kPiece = std::size_t{256} * 1024;
static constexpr char kFailed = 'e';

static Result<std::string> inflate(const Inflation& what, os::FdView stream) {
    const std::unique_ptr<archive::Reader> plain =
        TRY(archive::decompress(std::make_unique<BlobReader>(what.blob, what.arrivals, what.size)));
    archive::HashingReader hashed(*plain, what.most);
    std::vector<char> piece(kPiece);
    while (const std::size_t size = TRY(hashed.read(piece)))
        TRY(os::write_all(stream, {piece.data(), size}));
    return std::move(hashed).hex();
}

static void inflater_main(const Inflation& what, os::FdView stream, os::FdView verdict) {
    Result<std::string> hex = [&]() -> Result<std::string> {
        TRY(os::close_all_but({os::FdView::number(0), os::FdView::number(1), os::FdView::number(2),
                               what.blob, what.arrivals, stream, verdict}));
        TRY(os::die_with_parent());
        TRY(allow_streams_alone());
        return inflate(what, stream);
    }();
    (void)os::send_message(verdict, hex ? *hex : kFailed + hex.error().pack());  // or it is gone
    ::_exit(hex ? 0 : 1);
}

Result<Inflater> Inflater::start(const Inflation& inflation) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return Error::from_errno(errno, "open a pipe");
    os::Fd read_end(ends[0]);
    const os::Fd write_end(ends[1]);
    (void)::fcntl(write_end.get(), F_SETPIPE_SZ, kPipe);  // or what the user has left of pipes
    os::SocketPair verdict = TRY(os::open_socket_pair());
    os::Process process = TRY(os::spawn(
        0, [&] { inflater_main(inflation, os::FdView(write_end), os::FdView(verdict.other)); }));
    return Inflater(std::move(process), std::move(read_end), std::move(verdict.one));
}

Result<> Inflater::hear_verdict() {
    const std::optional<os::Message> message = TRY(os::receive_message(verdict_));
    if (!message) return Error(Error::Kind::failed, "the process that inflates it ended early");
    if (message->bytes.starts_with(kFailed) && message->bytes.size() != 64)
        return Error::unpack(std::string_view(message->bytes).substr(1));
    hex_ = message->bytes;
    return {};
}

Result<std::size_t> Inflater::read(std::span<char> into) {
    if (hex_) return std::size_t{0};
    ssize_t size = 0;
    do
        size = ::read(stream_.get(), into.data(), into.size());
    while (size < 0 && errno == EINTR);
    if (size < 0) return Error::from_errno(errno, "read what is inflated");
    if (size == 0) TRY(hear_verdict());
    return static_cast<std::size_t>(size);
}

Result<std::string> Inflater::hex() && {
    if (!hex_) return Error(Error::Kind::failed, "the layer was not read to its end");
    return std::move(*hex_);
}

}  // namespace sbx::image
