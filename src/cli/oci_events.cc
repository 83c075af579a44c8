#include "cli/oci_events.h"

#include "base/time.h"
#include "cli/oci.h"
#include "runtime/events.h"

namespace sbx::cli {

namespace {

struct OciEvents : Command {
    std::string interval = "5s";
    bool once = false;
    std::string id;

    void declare(Args& args) override {
        args.option("--interval", "TIME", interval, "How often it is told what it uses, as 5s");
        args.flag("--stats", once, "Tell what it uses now, and end");
        args.operand("CONTAINER", id, "Its id", Complete::oci_containers);
        args.example("sbx oci events --stats box", "What the container uses now");
    }

    Result<int> run(App& app) override {
        const runtime::States states = TRY(oci_states(app));
        const auto print = [&app](const Json& event) {
            app.print_raw(event.dump() + "\n");
            return app.flush();
        };
        if (once) {
            const Json event = TRY(runtime::stats_of(states, id));
            TRY(print(event));
            return 0;
        }
        const std::chrono::nanoseconds time = TRY(parse_interval());
        TRY(runtime::follow(states, id, time, print));
        return 0;
    }

    Result<std::chrono::nanoseconds> parse_interval() const {
        constexpr std::chrono::milliseconds kLeast(1);
        const auto time = TRY(parse_duration(interval), "--interval");
        if (time >= kLeast) return time;
        return Error(Error::Kind::usage, "--interval {}: 1ms is the least", interval);
    }
};

}  // namespace

std::unique_ptr<Command> make_oci_events() { return std::make_unique<OciEvents>(); }

}  // namespace sbx::cli
