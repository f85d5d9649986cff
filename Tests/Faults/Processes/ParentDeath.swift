import Foundation

/// A child without its parent is of no use, and must not stay behind, not even when it is stopped.
enum ParentDeath {
    static let variable = "SWIFTWATER_TORTURE_PARENT"
    private static let setParentDeathSignal: CInt = 1

    /// Has the kernel kill this process when the one that started it ends; a process that was started by hand is left alone.
    static func endsThisProcess() {
        guard let parent = ProcessInfo.processInfo.environment[variable].flatMap({ pid_t($0) }) else { return }
        // A C function with variable arguments, which Swift calls only through a pointer.
        typealias Control = @convention(c) (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt
        if let symbol = dlsym(nil, "prctl") {
            _ = unsafeBitCast(symbol, to: Control.self)(setParentDeathSignal, CUnsignedLong(SIGKILL), 0, 0, 0)
        }
        // It may have ended before that.
        if getppid() != parent { exit(1) }
    }
}
