#include "container/kept_log.h"

#include "container/journal_fields.h"
#include "container/life.h"
#include "store/containers.h"

namespace sbx::container {

Result<KeptLog> KeptLog::open(const Life& life) {
    const LogChoice& choice = life.blueprint().log;
    KeptLog log;
    if (choice.in_file()) {
        const store::Containers containers = TRY(store::Containers::open(life.store()));
        const os::Fd folder = TRY(containers.folder(life.id()));
        log.file_ = TRY(LogFile::open(folder, kLogName, choice.limits));
    }
    if (choice.in_journal())
        log.journal_ =
            TRY(JournalLog::open({.fields = journal_fields(life.blueprint().record, choice)}));
    return log;
}

void KeptLog::write(Stream stream, std::string_view bytes) {
    if (file_) file_->write(stream, bytes, now());
    if (journal_) journal_->write(stream, bytes);
}

void KeptLog::finish() {
    if (journal_) journal_->finish();
}

}  // namespace sbx::container
