extension [UInt8] {
    /// Appends bytes from `distance` before the end, which may overlap with what they make.
    mutating func appendCopy(distance: Int, count copied: Int, limit: Int) throws(CodecError) {
        guard distance > 0, distance <= count else { throw .damaged("a reference to before the beginning") }
        guard copied <= limit - count else { throw .tooLarge }
        var from = count - distance
        if distance >= copied {
            append(contentsOf: self[from..<from + copied])
            return
        }
        for _ in 0..<copied {
            append(self[from])
            from += 1
        }
    }

    mutating func append(_ literals: ArraySlice<UInt8>, limit: Int) throws(CodecError) {
        guard literals.count <= limit - count else { throw .tooLarge }
        append(contentsOf: literals)
    }
}
