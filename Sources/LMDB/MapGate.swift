internal import Glibc

/// Who may use the memory map, and who may move it.
///
/// Growing the map under a transaction succeeds and kills the next read of that transaction. So every transaction, copy and
/// statistic holds the gate shared, from any thread and for as long as it likes, and growth and closing hold it alone. Whoever
/// waits to be alone keeps newcomers out, which would be a deadlock for a thread that opens a second transaction while it holds a
/// first: the wait is therefore bounded, and when it runs out everybody goes on as before.
///
/// A hold may be given back by another thread than took it, which is why this is no `pthread_rwlock_t`.
@safe
final class MapGate: @unchecked Sendable {
    // Unchecked: every field below is read and written with `mutex` locked.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var holders = 0
    private var isWantedAlone = false
    private var isClosed = false

    init() {
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe changed.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(changed, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Takes a shared hold; false once the gate is closed.
    func enter() -> Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while isWantedAlone && !isClosed {
            unsafe pthread_cond_wait(changed, mutex)
        }
        if isClosed { return false }
        holders += 1
        return true
    }

    /// Gives a shared hold back.
    func leave() {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        holders -= 1
        assert(holders >= 0, "a hold was given back twice")
        if holders == 0 && (isWantedAlone || isClosed) {
            unsafe pthread_cond_broadcast(changed)
        }
    }

    /// Runs `body` while nobody holds the gate; nil when the holders did not leave in time or the gate is closed.
    func alone<Failure: Error>(within limit: Duration, _ body: () throws(Failure) -> Void) throws(Failure) -> Void? {
        unsafe pthread_mutex_lock(mutex)
        defer {
            unsafe pthread_cond_broadcast(changed)
            unsafe pthread_mutex_unlock(mutex)
        }
        var deadline = Self.deadline(after: limit)
        while isWantedAlone && !isClosed {
            if unsafe pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { return nil }
        }
        if isClosed { return nil }
        isWantedAlone = true
        defer { isWantedAlone = false }
        while holders > 0 {
            if unsafe pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT && holders > 0 { return nil }
        }
        return try body()
    }

    /// Lets nobody in any more; true when all holders were gone in time.
    func close(within limit: Duration) -> Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        isClosed = true
        unsafe pthread_cond_broadcast(changed)
        var deadline = Self.deadline(after: limit)
        while holders > 0 || isWantedAlone {
            if unsafe pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { break }
        }
        return holders == 0 && !isWantedAlone
    }

    private static func deadline(after limit: Duration) -> timespec {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        let nanoseconds = now.tv_nsec + Int(limit.components.attoseconds / 1_000_000_000)
        return timespec(
            tv_sec: now.tv_sec + Int(limit.components.seconds) + nanoseconds / 1_000_000_000,
            tv_nsec: nanoseconds % 1_000_000_000
        )
    }
}
