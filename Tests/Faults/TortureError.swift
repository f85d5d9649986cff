/// Why a run could not be carried through; a difference that it found is none.
struct TortureError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
