#include "cli/exists.h"

#include "cli/app.h"
#include "store/containers.h"
#include "store/images.h"
#include "store/networks.h"
#include "store/pods.h"
#include "store/secrets.h"
#include "store/volumes.h"

namespace sbx::cli {

namespace {

// The answer is the exit status: 0 or 1.
template <class T>
Result<int> answer(Result<T> found) {
    if (found) return 0;
    if (found.failed_as(Error::Kind::not_found)) return 1;
    return std::move(found).error();
}

struct ContainerExists : Command {
    std::string name;

    void declare(Args& args) override {
        args.operand("CONTAINER", name, "Name or id", Complete::containers);
        args.example("sbx container exists box || sbx create --name box debian",
                     "Make a container unless it is there");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Containers containers = TRY(store::Containers::open(*store));
        return answer(containers.resolve(name));
    }
};

struct ImageExists : Command {
    std::string name;

    void declare(Args& args) override {
        args.operand("IMAGE", name, "Name or id", Complete::images);
        args.example("sbx image exists alpine || sbx pull alpine",
                     "Fetch an image unless it is there");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Images images = TRY(store::Images::open(*store));
        return answer(images.find(name));
    }
};

struct VolumeExists : Command {
    std::string name;

    void declare(Args& args) override {
        args.operand("NAME", name, "Name of the volume", Complete::volumes);
        args.example("sbx volume exists cache || sbx volume create cache", "In a script");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Volumes volumes = TRY(store::Volumes::open(*store));
        return volumes.exists(name) ? 0 : 1;
    }
};

struct NetworkExists : Command {
    std::string name;

    void declare(Args& args) override {
        args.operand("NETWORK", name, "Name or id", Complete::networks);
        args.example("sbx network exists app || sbx network create app", "In a script");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Networks networks = TRY(store::Networks::open(*store));
        return answer(networks.find(name));
    }
};

struct PodExists : Command {
    std::string name;

    void declare(Args& args) override {
        args.operand("POD", name, "Name or id", Complete::pods);
        args.example("sbx pod exists web || sbx pod create web", "In a script");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Pods pods = TRY(store::Pods::open(*store));
        return answer(pods.find(name));
    }
};

struct SecretExists : Command {
    std::string name;

    void declare(Args& args) override {
        args.operand("NAME", name, "Name or id", Complete::secrets);
        args.example("sbx secret exists db || sbx secret create db ./db", "In a script");
    }

    Result<int> run(App& app) override {
        const store::Store* store = TRY(app.store());
        const store::Secrets secrets = TRY(store::Secrets::open(*store));
        return answer(secrets.find(name));
    }
};

}  // namespace

std::unique_ptr<Command> make_container_exists() { return std::make_unique<ContainerExists>(); }
std::unique_ptr<Command> make_image_exists() { return std::make_unique<ImageExists>(); }
std::unique_ptr<Command> make_volume_exists() { return std::make_unique<VolumeExists>(); }
std::unique_ptr<Command> make_network_exists() { return std::make_unique<NetworkExists>(); }
std::unique_ptr<Command> make_pod_exists() { return std::make_unique<PodExists>(); }
std::unique_ptr<Command> make_secret_exists() { return std::make_unique<SecretExists>(); }

}  // namespace sbx::cli
