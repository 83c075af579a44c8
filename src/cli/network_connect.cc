#include "cli/network_connect.h"

#include "cli/app.h"
#include "container/connect.h"
#include "store/containers.h"

namespace sbx::cli {

namespace {

Result<std::string> container_id(const store::Store& store, const std::string& name) {
    const store::Containers containers = TRY(store::Containers::open(store));
    return containers.resolve(name);
}

struct NetworkConnect : Command {
    container::AttachmentWords words;
    std::string network;
    std::string name;

    void declare(Args& args) override {
        args.list("--alias", "NAME", words.aliases, "A further name by which others find it there");
        args.option("--ip", "ADDRESS", words.v4, "The address that it has there");
        args.option("--ip6", "ADDRESS", words.v6, "The same of IPv6");
        args.option("--mac-address", "ADDRESS", words.hardware, "The MAC address of its device");
        args.operand("NETWORK", network, "Name or id", Complete::networks);
        args.operand("CONTAINER", name, "Name or id", Complete::containers);
        args.example("sbx network connect --alias cache app redis",
                     "Have a container on a further network, by a further name");
    }

    Result<int> run(App& app) override {
        TRY(check(), "cannot connect '{}'", name);
        const store::Store* store = TRY(app.store());
        const std::string id = TRY(container_id(*store, name), "cannot connect '{}'", name);
        const std::vector<container::Attachment> wish =
            TRY(container::parse_attachments({network}, words), "cannot connect '{}'", name);
        container::Attachment one = wish.front();
        one.interface.clear();
        TRY(container::connect(*store, id, std::move(one)), "cannot connect '{}'", name);
        return 0;
    }

    // One network, whose device has the next name.
    Result<> check() const {
        const container::Attachment wish = TRY(container::parse_attachment(network));
        if (wish.interface.empty()) return {};
        return Error(Error::Kind::unsupported, "network '{}': interface_name= is for `sbx run`",
                     wish.network)
            .hint("the device is called eth1, eth2 and so on");
    }
};

struct NetworkDisconnect : Command {
    bool force = false;
    std::string network;
    std::string name;

    void declare(Args& args) override {
        args.flag("-f,--force", force, "A container that is not on it is no failure");
        args.operand("NETWORK", network, "Name or id", Complete::networks);
        args.operand("CONTAINER", name, "Name or id", Complete::containers);
        args.example("sbx network disconnect app redis", "Take a container off a network");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const std::string id = TRY(container_id(*store, name), "cannot disconnect '{}'", name);
        Result<> left = container::disconnect(*store, id, network);
        if (force && left.failed_as(Error::Kind::not_found)) return 0;
        TRY(std::move(left), "cannot disconnect '{}'", name);
        return 0;
    }
};

}  // namespace

std::unique_ptr<Command> make_network_connect() { return std::make_unique<NetworkConnect>(); }
std::unique_ptr<Command> make_network_disconnect() { return std::make_unique<NetworkDisconnect>(); }

}  // namespace sbx::cli
