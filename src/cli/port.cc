#include "cli/port.h"

#include <algorithm>

#include "base/text.h"
#include "cli/choice.h"
#include "container/ports.h"

namespace sbx::cli {

namespace {

struct Port : Command {
    ContainerChoice choice;
    std::string name;
    std::string port;

    void declare(Args& args) override {
        args.flag("-a,--all", choice.all, "Those of all containers that run, with their ids");
        choice.can_be_all = true;
        choice.declare_latest(args);
        args.optional_operand("CONTAINER", name, "Name or id", Complete::running_containers);
        args.optional_operand("PORT[/PROTOCOL]", port,
                              "Only where this port of it is; tcp if no "
                              "protocol is given");
        args.example("sbx port web", "Where the ports of a container are");
        args.example("sbx port web 80", "An address for a browser");
    }

    Result<int> run(App& app) override {
        const std::optional<network::ContainerPort> wanted = TRY(this->wanted());
        const Choice chosen = TRY(choose(app, choice, Among::running, "list the ports of"));
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        for (const Chosen& one : chosen.containers) {
            const std::optional<store::LiveState> live = containers.live(one.id);
            const auto ports =
                live ? container::ports_of(*live) : std::vector<network::PortMapping>();
            if (wanted)
                TRY(show_one(app, ports, *wanted), "container '{}'", one.name);
            else
                show_all(app, ports, choice.all ? one.id.substr(0, 12) + "\t" : "");
        }
        return chosen.status;
    }

    // What stands first is the port, where the container is named by an option.
    Result<std::optional<network::ContainerPort>> wanted() {
        if (choice.latest && port.empty())
            port = std::exchange(name, "");
        else if (!name.empty())
            choice.names = {name};
        if (port.empty()) return std::optional<network::ContainerPort>();
        const auto ports = TRY(network::parse_expose(port));
        if (ports.size() != 1)
            return Error(Error::Kind::usage, "'{}': one port belongs there", excerpt(port));
        return std::optional(ports.front());
    }

    static std::string where(const network::PortMapping& port) {
        return network::to_text(port.host());
    }

    static Result<> show_one(App& app, const std::vector<network::PortMapping>& ports,
                             network::ContainerPort wanted) {
        bool found = false;
        for (const network::PortMapping& port : ports) {
            if (port.container != wanted) continue;
            app.print(where(port));
            found = true;
        }
        if (found) return {};
        return Error(Error::Kind::not_found, "port {} is not published", network::to_text(wanted));
    }

    static void show_all(App& app, const std::vector<network::PortMapping>& ports,
                         const std::string& id) {
        for (const network::PortMapping& port : ports)
            app.print_raw(
                fmt::format("{}{} -> {}\n", id, network::to_text(port.container), where(port)));
    }
};

}  // namespace

std::unique_ptr<Command> make_port() { return std::make_unique<Port>(); }

}  // namespace sbx::cli
