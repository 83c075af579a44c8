// A connection to a message bus, or to a program that speaks D-Bus without one: the D-Bus
// Specification, "Authentication Protocol", "Message Bus Specification".
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "os/bus_message.h"
#include "os/fd.h"

namespace sbx::os {

struct BusPlace {
    // A bus has many programs behind one socket, and wants to be greeted; a peer is one program.
    enum class Kind : std::uint8_t { bus, peer };

    std::string path;  // of a unix socket; one in the abstract namespace begins with '@'
    Kind kind = Kind::bus;

    friend bool operator==(const BusPlace&, const BusPlace&) = default;
};

// The first unix socket in an address such as "unix:path=/run/user/1000/bus,guid=..;tcp:host=..":
// "Server Addresses". Kind::usage where there is none.
Result<BusPlace> parse_bus_address(std::string_view address);

// The user that this process is outside its user namespace, for whom it asks: proc_uid_map(5).
Result<std::uint32_t> uid_outside();

class Bus {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    // Connects as user `uid`. Everything on this connection has to happen before the deadline:
    // then each call fails with Kind::busy.
    static Result<Bus> open(const BusPlace& place, std::uint32_t uid, Deadline deadline);

    // Calls header.member and waits for its answer. An error of the other side fails with its
    // words: Kind::denied, not_found and exists where its name says so.
    Result<BusMessage> call(BusHeader header, const BusBody& body);

    // On a bus, signals come to who asks for them: "Match Rules".
    Result<> subscribe(const std::string& rule);

    // The first signal that fits, of those that came meanwhile and of those that will.
    Result<BusMessage> wait_for_signal(const std::function<bool(const BusMessage&)>& fits);

    BusPlace::Kind kind() const { return kind_; }

private:
    Bus(Fd socket, BusPlace::Kind kind, Deadline deadline)
        : socket_(std::move(socket)), kind_(kind), deadline_(deadline) {}

    Result<> authenticate(std::uint32_t uid);
    Result<> await(short events) const;
    Result<> send(std::string_view bytes) const;
    Result<std::string> receive(std::size_t most) const;
    Result<std::string> receive_exactly(std::size_t count);
    Result<std::string> receive_line();
    Result<BusMessage> next_message();
    Result<> keep(BusMessage signal);

    Fd socket_;
    BusPlace::Kind kind_;
    Deadline deadline_;
    std::string received_ = {};  // and not yet looked at
    std::deque<BusMessage> signals_ = {};
    std::uint32_t last_serial_ = 0;
};

}  // namespace sbx::os
