// Questions to registries, with all it takes to get an answer: the scheme an insecure one speaks,
// authorization, and another try.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "registry/authorizer.h"
#include "registry/courier.h"
#include "registry/http.h"
#include "registry/routes.h"

namespace sbx::registry {

// What is asked of an endpoint. A 401 is answered with a password or a token, once.
struct Question {
    Endpoint endpoint;
    std::string target;  // "/v2/library/alpine/manifests/latest"
    std::vector<std::string> headers = {};
    std::size_t limit = std::size_t{1} << 20;  // of the answer, where no stream takes it
    Request::Stream* stream = nullptr;
    int retries = 0;
};

class Session {
public:
    using Id = std::uint64_t;  // never 0

    struct Settings {
        Environment environment = {};
        std::optional<Credentials> credentials = {};
        std::string auth_file = {};
        std::string certificate_directory = {};
        Verification elsewhere = Verification::on;
        int retries = 0;
        std::chrono::milliseconds retry_delay{0};
        std::chrono::seconds stalled{60};
    };
    static Result<std::unique_ptr<Session>> open(os::Poll& poll, os::Timers& timers,
                                                 const Settings& settings);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Any answer is a Response, whatever its status; an error is that none came. `done` is called
    // in a later round of the poll.
    Id ask(Question question, Http::Done done);
    void cancel(Id id);

    // Runs the poll until the answer is there. An error of this itself is one of the poll.
    struct Reply {
        Result<Response> response;
    };
    Result<Reply> wait_for(Question question);

private:
    struct Exchange {
        Id id = 0;
        Question question;
        Http::Done done;
        Site site = {};
        std::string used = {};  // as Authorization
        bool renewed = false;
        std::string over_https = {};  // why a host that may speak http does not speak https
        os::Timers::Id timer = 0;
        Courier::Id errand = 0;
        Authorizer::Id permit = 0;
    };

    Session(os::Poll& poll, const Settings& settings, std::unique_ptr<Http> http,
            os::Timers& timers);
    void begin(Exchange& exchange);
    Result<Site> site_of(const Exchange& exchange) const;
    void send(Exchange& exchange, Result<std::string> authorization);
    void receive(Exchange& exchange, Result<Response> result);
    bool fall_back(Exchange& exchange, const Error& error);
    void finish(Exchange& exchange, Result<Response> result);
    bool is_probing(const Exchange& exchange) const;
    Exchange* find(Id id);

    os::Poll& poll_;
    os::Timers& timers_;
    std::string certificate_directory_;
    std::unique_ptr<Http> http_;
    Courier courier_;
    Authorizer authorizer_;
    std::map<std::string, std::string> schemes_;  // of insecure hosts that have answered
    std::map<Id, std::unique_ptr<Exchange>> exchanges_;
    Id last_ = 0;
};

}  // namespace sbx::registry
