package import Swiftwater
internal import Synchronization

/// The snapshots of a task's stores that queries hold.
///
/// LMDB gives no page back that the oldest of them can still see: one that is held for long lets the file grow (ST-20).
package final class OpenViews: Sendable {
    private struct Book {
        var next = 0
        var opened: [Int: Timestamp] = [:]
    }

    private let book = Mutex(Book())

    package init() {}

    /// How many there are, and since when the oldest is open.
    package var standing: (count: Int, since: Timestamp?) {
        book.withLock { ($0.opened.count, $0.opened.values.min()) }
    }

    /// Takes note of one until the returned object is gone.
    func open(at time: Timestamp) -> View {
        let number = book.withLock { book in
            defer { book.next += 1 }
            book.opened[book.next] = time
            return book.next
        }
        return View(book: self, number: number)
    }

    /// A snapshot that is open.
    final class View: Sendable {
        private let book: OpenViews
        private let number: Int

        fileprivate init(book: OpenViews, number: Int) {
            self.book = book
            self.number = number
        }

        deinit { book.book.withLock { _ = $0.opened.removeValue(forKey: number) } }
    }
}
