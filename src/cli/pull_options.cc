#include "cli/pull_options.h"

#include <unistd.h>

#include "base/text.h"
#include "base/time.h"
#include "cli/words.h"

namespace sbx::cli {

static constexpr std::string_view kTruths[] = {"true", "false"};

void ProgressWords::declare(Args& args) {
    static constexpr std::string_view kStyles[] = {"auto", "plain", "none"};
    args.choice("--progress", kStyles, progress,
                "Bars where a terminal shows them (auto), a line for each event, or nothing");
    args.flag("-q,--quiet", quiet, "Do not show the progress");
}

void PullWords::declare(Args& args) {
    args.option("--platform", "OS/ARCH[/VARIANT]", platform,
                "Platform of the image, if not this machine's", kPlatforms);
    args.option("--arch", "ARCH", arch, "Architecture of the image");
    args.option("--os", "OS", os, "Operating system of the image");
    args.option("--variant", "VARIANT", variant, "Variant of the architecture");
    args.option("--authfile", "FILE", authfile, "Take the credentials of registries from this file",
                Complete::files);
    args.option("--creds", "USER[:PASSWORD]", creds, "User and password for this registry");
    args.option("--cert-dir", "DIR", cert_dir,
                "Folder with the registry's certificates (*.crt), and yours (*.cert, *.key)",
                Complete::directories);
    args.option("--tls-verify", "true|false", tls_verify,
                "Check the registry's certificate; false: plain HTTP is fine, too", kTruths);
    args.option("--retry", "N", retry, "How often to try again after a failure");
    args.option("--retry-delay", "TIME", retry_delay,
                "How long to wait before the first of these tries");
    progress.declare(args);
}

static Result<std::optional<bool>> parse_verify(const std::string& word) {
    if (word.empty()) return std::optional<bool>();
    if (word == "true" || word == "1") return std::optional(true);
    if (word == "false" || word == "0") return std::optional(false);
    return Error(Error::Kind::usage, "--tls-verify {}: true or false belongs there", excerpt(word));
}

static Result<oci::Platform> parse_platform(const PullWords& words) {
    oci::Platform platform = words.platform.empty()
                                 ? oci::Platform::native()
                                 : TRY(oci::Platform::parse(words.platform), "--platform");
    if (!words.arch.empty()) {
        const oci::Platform named = TRY(oci::Platform::parse(words.arch), "--arch");
        platform = {.os = platform.os, .architecture = named.architecture};
    }
    if (!words.os.empty()) platform.os = words.os;
    if (!words.variant.empty()) platform.variant = words.variant;
    return platform;
}

// The password of a value that is refused is not told.
static Result<registry::Credentials> parse_credentials(std::string_view text) {
    const std::string_view user = text.substr(0, text.find(':'));
    if (user.empty())
        return Error(Error::Kind::usage, "--creds '{}': USER[:PASSWORD] belongs there",
                     text.empty() ? "" : ":...");
    const std::string_view password = user == text ? "" : text.substr(user.size() + 1);
    return registry::Credentials{.user = std::string(user), .password = std::string(password)};
}

static Result<> check_authfile(const std::string& path) {
    if (path.empty() || ::access(path.c_str(), R_OK) == 0) return {};
    return Error::from_errno(errno, "--authfile {}", path);
}

Result<image::PullOptions> PullWords::options(const App& app) const {
    image::PullOptions options;
    options.platform = TRY(parse_platform(*this));
    registry::Options& r = options.registry;
    TRY(check_authfile(authfile));
    r.auth_file = authfile;
    r.certificate_directory = cert_dir;
    r.tls_verify = TRY(parse_verify(tls_verify));
    r.retries = retry;
    r.retry_delay = std::chrono::duration_cast<std::chrono::milliseconds>(
        TRY(parse_duration(retry_delay), "--retry-delay"));
    if (creds) r.credentials = TRY(parse_credentials(*creds));
    for (const auto& [host, settings] : app.config().registries)
        options.registries[host] = {.insecure = settings.insecure,
                                    .token_realm = settings.token_realm};
    return options;
}

void warn_unreachable(const App& app, const image::Obtained& obtained) {
    if (obtained.unreachable)
        app.warn(fmt::format("what is here may be old: {}", obtained.unreachable->text()));
}

static Progress::Style style_for(const App& app, const ProgressWords& words) {
    const std::string& wish = words.progress.empty() ? app.config().progress : words.progress;
    if (words.quiet || wish == "none") return Progress::Style::none;
    if (wish == "plain" || !App::stderr_is_terminal()) return Progress::Style::plain;
    const auto terminal = environment_variable("TERM");
    return terminal && *terminal == "dumb" ? Progress::Style::plain : Progress::Style::bars;
}

Result<PullWorkshop> PullWorkshop::open(App& app, const ProgressWords& words) {
    const store::Store* store = TRY(app.store());
    const sandbox::Host* host = TRY(app.host());
    TRY(sandbox::check_namespaces(*host));
    PullWorkshop made;
    made.progress_ = std::make_unique<Progress>(style_for(app, words));
    Progress* progress = made.progress_.get();
    made.workshop_ = std::make_unique<image::Workshop>(image::Workshop{
        .store = *store,
        .poll = *made.poll_,
        .ids = sandbox::default_ids(*host),
        .ownership = sandbox::has_id_range(*host) ? image::Ownership::as_recorded
                                                  : image::Ownership::all_mine,
        .on_step = [progress](const image::LayerStep& step) { progress->show(step); }});
    return made;
}

}  // namespace sbx::cli
