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

// What one of the commands is about.
struct Kind {
    std::string_view operand;
    std::string_view help;
    Complete complete;
    std::string_view example;
    std::string_view what_for;
    Result<int> (*answer)(const store::Store& store, const std::string& name);
};

struct Exists : Command {
    explicit Exists(Kind of_what) : kind(of_what) {}

    Kind kind;
    std::string name;

    void declare(Args& args) override {
        args.operand(kind.operand, name, kind.help, kind.complete);
        args.example(kind.example, kind.what_for);
    }

    Result<int> run(App& app) override { return kind.answer(*TRY(app.store()), name); }
};

// Where things are found by their name or id.
template <class Things>
Result<int> is_found(const store::Store& store, const std::string& name) {
    const Things things = TRY(Things::open(store));
    return answer(things.find(name));
}

Result<int> is_container(const store::Store& store, const std::string& name) {
    const store::Containers containers = TRY(store::Containers::open(store));
    return answer(containers.resolve(name));
}

Result<int> is_volume(const store::Store& store, const std::string& name) {
    const store::Volumes volumes = TRY(store::Volumes::open(store));
    return volumes.exists(name) ? 0 : 1;
}

constexpr Kind kContainer{"CONTAINER",
                          "Name or id",
                          Complete::containers,
                          "sbx container exists box || sbx create --name box debian",
                          "Make a container unless it is there",
                          is_container};
constexpr Kind kImage{"IMAGE",
                      "Name or id",
                      Complete::images,
                      "sbx image exists alpine || sbx pull alpine",
                      "Fetch an image unless it is there",
                      is_found<store::Images>};
constexpr Kind kVolume{"NAME",
                       "Name of the volume",
                       Complete::volumes,
                       "sbx volume exists cache || sbx volume create cache",
                       "In a script",
                       is_volume};
constexpr Kind kNetwork{"NETWORK",          "Name or id",
                        Complete::networks, "sbx network exists app || sbx network create app",
                        "In a script",      is_found<store::Networks>};
constexpr Kind kPod{"POD",          "Name or id",
                    Complete::pods, "sbx pod exists web || sbx pod create web",
                    "In a script",  is_found<store::Pods>};
constexpr Kind kSecret{"NAME",
                       "Name or id",
                       Complete::secrets,
                       "sbx secret exists db || sbx secret create db ./db",
                       "In a script",
                       is_found<store::Secrets>};

}  // namespace

std::unique_ptr<Command> make_container_exists() { return std::make_unique<Exists>(kContainer); }
std::unique_ptr<Command> make_image_exists() { return std::make_unique<Exists>(kImage); }
std::unique_ptr<Command> make_volume_exists() { return std::make_unique<Exists>(kVolume); }
std::unique_ptr<Command> make_network_exists() { return std::make_unique<Exists>(kNetwork); }
std::unique_ptr<Command> make_pod_exists() { return std::make_unique<Exists>(kPod); }
std::unique_ptr<Command> make_secret_exists() { return std::make_unique<Exists>(kSecret); }

}  // namespace sbx::cli
