// The process that a shared network consists of.
//
//      who supervises a container             switch
//        | ---------- join (who) ------------> |  gives it addresses
//        | <--------- its place -------------- |
//        | --- device (its other side) ------> |  carries its frames from now on
//        | <------------ up ------------------ |
//        | ------------ (closed) ------------> |  the container has left
//
// A container that comes while it runs is followed by its device and its first process instead,
// which are sent together: whoever brought it ends. `leave` takes a container out, whoever brought
// it. `others` and `asker` come with one end each of a line between two networks that a container
// is on: the first one asks the second one for names over it (other_names.h). Instead of an answer
// an Error may come. With the last container the switch ends; whoever has connected by then and
// gets no answer starts another one.
//
// Who joins may bring rules, and a log: what the container sends to the world is judged by them,
// and what they refused is told to whoever asks over its line, also after its device has gone.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <poll.h>
#include <sys/types.h>

#include "network/bridge.h"
#include "network/egress.h"
#include "network/other_names.h"
#include "network/slirp.h"
#include "os/fd.h"
#include "os/socket.h"

namespace sbx::network {

// Tells a message from an Error, which begins with no brace.
Result<Json> parse_word(const os::Message& message);

class Switch {
public:
    struct Parts {
        os::FdView listener;
        os::Fd first;     // the end of a line of whoever has started it
        uid_t owner = 0;  // whose processes may connect
        SharedNetwork network;
        Policy::IsOfHost is_of_host;
        std::string resolv;  // for the stack
    };
    static Result<std::unique_ptr<Switch>> open(Parts parts);

    // Until nobody is there.
    Result<> run();

private:
    struct Port {
        os::Fd line = {};
        os::Fd tap = {};
        os::Fd process = {};  // whose end is the container's, where no line says so
        std::optional<Egress> egress = {};
        std::vector<os::Fd> askers = {};  // lines of its other networks
    };
    enum class Source : std::uint8_t { line, tap, process, asker };
    struct Watched {
        unsigned port;
        Source source;
        int fd;
    };

    explicit Switch(Parts parts);
    std::vector<Watched> watch(std::vector<pollfd>& entries) const;
    int prepare(std::vector<pollfd>& entries);
    bool accepts() const { return std::chrono::steady_clock::now() >= accepts_again_; }
    void proceed(std::span<const pollfd> entries, std::span<const Watched> watched);
    void add(os::Fd line);
    void accept();
    void on_event(const Watched& what);
    void on_line(unsigned number);
    Result<> on_word(unsigned number, os::Message message);
    Result<> on_join(unsigned number, const Json& json, std::vector<os::Fd> fds);
    Result<> on_device(unsigned number, std::vector<os::Fd> fds);
    Result<> on_acquaintance(const Json& json, std::vector<os::Fd> fds);
    void on_question(unsigned number, int fd);
    void leave(std::string_view id, unsigned asking);
    void remove(unsigned number);
    void lose_device(unsigned number);
    std::string refused_by(unsigned number);
    void read_frames(unsigned number);
    void on_frame(const Member& from, std::string_view frame);
    void follow(unsigned number, const Bridge::Decision& decision, std::string_view frame);
    void ask_others(unsigned number, std::string_view question, std::string_view frame);
    void settle(const OtherNames::Settled& settled);
    void send_out(unsigned number, std::string_view frame);
    void on_frame_from_stack(std::string_view frame);
    void hand_on(unsigned number, std::string_view frame);
    bool answer_stack();

    Parts parts_;
    Members members_;
    Bridge bridge_;
    std::optional<Slirp> stack_ = {};  // none where nothing reaches the world
    std::map<unsigned, Port> ports_ = {};
    OtherNames other_names_ = {};
    std::size_t others_watched_ = 0;  // entries of poll(2) that are theirs
    unsigned last_number_ = 0;
    std::chrono::steady_clock::time_point accepts_again_ = {};
    std::vector<std::string> for_stack_ = {};  // that it cannot be given while it works
    std::vector<char> buffer_;
};

}  // namespace sbx::network
