#include "container/copy.h"

#include <signal.h>

#include "base/text.h"
#include "container/files.h"
#include "image/transfer.h"
#include "os/pipe.h"

namespace sbx::container {

CopyEnd parse_copy_end(const std::string& text, const std::string& here) {
    if (text == "-") return {.path = text};
    const auto parts = halves(text, ':');
    const bool local = !parts || parts->before.empty() || parts->before.starts_with('.') ||
                       parts->before.contains('/');
    if (local) return {.path = text.starts_with('/') ? text : fmt::format("{}/{}", here, text)};
    const std::string path(parts->after);
    return {.container = std::string(parts->before),
            .path = path.starts_with('/') ? path : "/" + path};
}

namespace {

// A copy under way: one side reads a tree and writes an archive, the other reads that and writes a
// tree. A side that is a container is a process of its own, one that is the host this process.
class Copier {
public:
    Copier(const store::Store& store, const sandbox::Host& host, const Copying& copying)
        : store_(store), host_(host), copying_(copying) {}

    Result<std::vector<std::string>> run();

private:
    Result<> find_containers();
    Result<> begin_sending();
    Result<> begin_receiving();
    Result<> begin_both();
    Result<std::string> send(const os::Root& root) const;
    Result<std::string> receive(const os::Root& root) const;
    Result<std::string> finish_sending();
    Result<std::string> finish_receiving();

    os::FdView out() const {
        return copying_.to.is_stream() ? os::FdView::number(1) : os::FdView(pipe_.write_end);
    }
    os::FdView in() const {
        return copying_.from.is_stream() ? os::FdView::number(0) : os::FdView(pipe_.read_end);
    }

    const store::Store& store_;
    const sandbox::Host& host_;
    const Copying& copying_;
    std::string from_id_ = {};
    std::string to_id_ = {};
    os::Pipe pipe_ = {};
    std::optional<FilesVisit> sender_ = {};
    std::optional<FilesVisit> receiver_ = {};
};

Result<> Copier::find_containers() {
    const store::Containers containers = TRY(store::Containers::open(store_));
    if (!copying_.from.container.empty())
        from_id_ = TRY(containers.resolve(copying_.from.container));
    if (!copying_.to.container.empty()) to_id_ = TRY(containers.resolve(copying_.to.container));
    if (from_id_.empty() && to_id_.empty())
        return Error(Error::Kind::usage, "one side of a copy has to be in a container")
            .hint("as CONTAINER:PATH");
    if (from_id_ == to_id_ && !containers.live(from_id_))
        return Error(Error::Kind::unsupported,
                     "within a container files are copied only while it runs");
    return {};
}

Result<std::string> Copier::send(const os::Root& root) const {
    return image::send(root,
                       {.path = copying_.from.path,
                        .follow_link = copying_.follow_link,
                        .devices = copying_.to.is_stream()},
                       out());
}

Result<std::string> Copier::receive(const os::Root& root) const {
    return image::receive(root,
                          {.path = copying_.to.path,
                           .foreign = copying_.from.is_stream(),
                           .how = {.keep = copying_.archive,
                                   .to_host = to_id_.empty(),
                                   .overwrite = copying_.overwrite}},
                          in());
}

Result<> Copier::begin_sending() {
    if (from_id_.empty()) return {};
    const sandbox::Errand errand{.work = [this](const os::Root& root) { return send(root); },
                                 .kept = {out()}};
    sender_.emplace(TRY(visit_files(store_, host_, {.id = from_id_}, errand)));
    return {};
}

Result<> Copier::begin_receiving() {
    if (to_id_.empty()) return {};
    const sandbox::Errand errand{.work =
                                     [this](const os::Root& root) {
                                         ::umask(0);  // modes are those of the archive
                                         return receive(root);
                                     },
                                 .kept = {in()},
                                 .writes = true};
    receiver_.emplace(TRY(visit_files(store_, host_, {.id = to_id_}, errand)));
    return {};
}

// Containers that do not run are locked: in the order that all copies between the two have.
Result<> Copier::begin_both() {
    const bool sender_first = from_id_ < to_id_;
    if (sender_first) TRY(begin_sending());
    TRY(begin_receiving());
    return sender_first ? Result<>() : begin_sending();
}

Result<std::string> Copier::finish_sending() {
    if (sender_) return std::move(sender_->visit).finish();
    if (copying_.from.is_stream()) return std::string();
    const os::Root root = TRY(os::Root::open("/"));
    return send(root);
}

Result<std::string> Copier::finish_receiving() {
    if (receiver_) return std::move(receiver_->visit).finish();
    if (copying_.to.is_stream()) return std::string();
    const os::Root root = TRY(os::Root::open("/"));
    return receive(root);
}

// Each end of the pipe is closed here once its side has it, or the other would wait for ever. Of
// two failures the one is told that the other follows from: a reader that gave up leaves a broken
// pipe, a writer that gave up an archive that is cut short.
Result<std::vector<std::string>> Copier::run() {
    TRY(find_containers());
    pipe_ = TRY(os::open_pipe());
    TRY(begin_both());
    if (sender_) pipe_.write_end.reset();
    if (receiver_) pipe_.read_end.reset();

    // What this process does itself comes before it waits for another.
    std::optional<Result<std::string>> sent;
    if (!sender_) {
        sent.emplace(finish_sending());
        pipe_.write_end.reset();
    }
    Result<std::string> received = finish_receiving();
    pipe_.read_end.reset();
    if (!sent) sent.emplace(finish_sending());

    const bool follows = !received && sent->failed_with(std::errc::broken_pipe);
    if (!*sent && !follows) return std::move(*sent).error();
    std::vector<std::string> notes = image::notes_in(TRY(std::move(received)));
    const std::vector<std::string> more = image::notes_in(**sent);
    notes.insert(notes.end(), more.begin(), more.end());
    return notes;
}

}  // namespace

Result<std::vector<std::string>> copy(const store::Store& store, const sandbox::Host& host,
                                      const Copying& copying) {
    ::signal(SIGPIPE, SIG_IGN);  // a side that gives up says why
    return Copier(store, host, copying).run();
}

}  // namespace sbx::container
