internal import LMDB
internal import Swiftwater

/// How many pages a commit may take at most, more or less: a map that fills up in the middle ends the transaction.
struct PageEstimate {
    private let pageSize: Int
    private(set) var pages = 64

    init(pageSize: Int) {
        self.pageSize = pageSize
    }

    mutating func add(_ changes: StoreChanges, to store: DatabaseStatistics) {
        var inline = 0
        var overflow = 0
        for position in 0..<changes.count {
            let (key, value) = changes[position]
            // A long key stands in the value again.
            let bytes = (value?.count ?? 0) + (StoreKey.isLong(key) ? key.count + 32 : 0)
            if bytes > pageSize / 4 {
                overflow += (bytes + 16) / pageSize + 1
                inline += 64 + min(key.count, StoreKey.longLength)
            } else {
                inline += 32 + min(key.count, StoreKey.longLength) + bytes
            }
        }
        // Every page that is changed is written to a new place; pages are split in halves.
        let rewritten = min(changes.count * (store.depth + 1), store.branchPages + store.leafPages)
        pages += rewritten + 2 * inline / pageSize + overflow + 2 + rewritten / 256
    }
}
