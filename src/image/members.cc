#include "image/members.h"

#include <limits>

#include <sched.h>
#include <unistd.h>

#include "archive/decompress.h"
#include "archive/tar.h"
#include "base/json.h"
#include "base/text.h"
#include "image/confinement.h"
#include "image/file_reader.h"
#include "image/layer_content.h"
#include "os/file.h"
#include "os/socket.h"

namespace sbx::image {

static constexpr const char* kTable = "members.json";
static constexpr std::size_t kLargestTable = std::size_t{64} << 20;
static constexpr std::size_t kMostMembers = 100'000;

std::optional<std::string> plain_member_name(std::string_view name) {
    std::vector<std::string> parts;
    for (const std::string_view part : split(name, '/')) {
        if (part == ".." && parts.empty()) return std::nullopt;
        if (part == "..")
            parts.pop_back();
        else if (!part.empty() && part != ".")
            parts.emplace_back(part);
    }
    if (parts.empty()) return std::nullopt;
    return join(parts, "/");
}

namespace {

// Where members go, and how much of it they may take.
struct Disk {
    os::FdView staging;
    Quota& quota;
};

}  // namespace

// A hole may say any size, and whoever hashes a member reads all of it.
static Result<> write_member(archive::TarReader& tar, const archive::Entry& entry,
                             const std::string& number, const Disk& disk) {
    const std::uint64_t most = LayerLimits().archive_bytes();
    if (entry.size > most)
        return Error(Error::Kind::unsupported, "it is larger than {}", size_text(most));
    const os::Fd file(::openat(disk.staging.get(), number.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) return Error::from_errno(errno, "create member {}", number);
    return write_content(tar, entry, file, disk.quota);
}

// The name that a symbolic link in a folder of the archive leads to.
static std::string link_target(const std::string& from, const archive::Entry& entry) {
    if (entry.kind == archive::Entry::Kind::hard_link) return entry.target;
    const std::size_t slash = from.rfind('/');
    return slash == from.npos ? entry.target : from.substr(0, slash + 1) + entry.target;
}

static Result<> write_members(os::FdView archive, os::FdView staging) {
    const std::unique_ptr<archive::Reader> bytes =
        TRY(archive::decompress(std::make_unique<FileReader>(archive)));
    archive::TarReader tar(*bytes);
    Quota quota = TRY(Quota::open(staging, std::numeric_limits<std::uint64_t>::max()));
    const Disk disk{.staging = staging, .quota = quota};
    Json::Map files;
    Json::Map links;
    std::size_t count = 0;
    while (const std::optional<archive::Entry> entry = TRY(tar.next())) {
        const std::optional<std::string> name = plain_member_name(entry->path);
        if (!name || entry->kind == archive::Entry::Kind::directory) continue;
        if (++count > kMostMembers)
            return Error(Error::Kind::unsupported, "it has more than {} members", kMostMembers);
        if (entry->kind == archive::Entry::Kind::regular) {
            const std::string number = fmt::format("{}", count);
            TRY(write_member(tar, *entry, number, disk), "{}", archive::describe(*entry));
            files[*name] = number;
        } else if (const auto to = plain_member_name(link_target(*name, *entry))) {
            links[*name] = *to;
        }
    }
    if (count == 0) return Error(Error::Kind::usage, "the archive is empty");
    const Json table = Json::object().set("files", files).set("links", links);
    return os::write_atomic(staging, kTable, table.dump(),
                            {.durability = os::Durability::until_reboot});
}

// The archive comes through the line, as the confinement leaves nothing else open.
static Result<> extract_confined(os::FdView staging, os::FdView line) {
    TRY(confine(line, staging));
    const std::optional<os::Message> message = TRY(os::receive_message(line));
    if (!message || message->fds.size() != 1)
        return Error(Error::Kind::failed, "there is no archive to be read");
    TRY(allow_files_alone());
    return write_members(message->fds.front(), staging);
}

[[noreturn]] static void extract_main(os::FdView staging, os::FdView line) {
    const Result<> done = extract_confined(staging, line);
    (void)os::send_message(line, done ? "" : done.error().pack());
    ::_exit(done ? 0 : 1);
}

Result<Members> Members::extract(os::FdView archive, os::FdView staging, const Workshop& workshop) {
    os::SocketPair ends = TRY(os::open_socket_pair());
    os::Process child =
        TRY(os::spawn_mapped(workshop.ids, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC,
                             [&] { extract_main(staging, ends.other); }));
    TRY(os::send_message(ends.one, "read", {archive}));
    ends.other.reset();  // the child's is the last one, for its death to be heard
    if (TRY(child.wait()).code != 0) {
        const auto message = TRY(os::receive_message(ends.one));
        return message ? Error::unpack(message->bytes)
                       : Error(Error::Kind::failed, "the process that reads it was killed");
    }
    const std::string text = TRY(os::read_file(staging, kTable, kLargestTable));
    const Json table = TRY(Json::parse(text), "the table of members");
    return Members(TRY(os::duplicate(staging)), TRY(table.get<Json::Map>("files")),
                   TRY(table.get<Json::Map>("links")));
}

const std::string* Members::find(const std::string& name) const {
    std::optional<std::string> at = plain_member_name(name);
    constexpr int kMostLinks = 8;
    for (int hops = 0; at && hops < kMostLinks; ++hops) {
        const auto file = files_.find(*at);
        if (file != files_.end()) return &file->second;
        const auto link = links_.find(*at);
        if (link == links_.end()) return nullptr;
        at = link->second;
    }
    return nullptr;
}

Result<os::Fd> Members::open(const std::string& name) const {
    const std::string* number = find(name);
    if (!number || number->find_first_not_of("0123456789") != number->npos)
        return Error(Error::Kind::not_found, "the archive has no file '{}'", excerpt(name));
    os::Fd file(
        ::openat(staging_.get(), number->c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file) return Error::from_errno(errno, "open member '{}'", excerpt(name));
    return file;
}

Result<std::string> Members::read(const std::string& name, std::size_t limit) const {
    const os::Fd file = TRY(open(name));
    return os::read_regular(file, excerpt(name), limit);
}

}  // namespace sbx::image
