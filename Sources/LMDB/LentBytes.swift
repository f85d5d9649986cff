internal import CLMDB

extension RawSpan {
    /// Lends the bytes to a call into C.
    @inline(__always)
    func lent<Result>(_ body: (inout MDB_val) -> Result) -> Result {
        unsafe withUnsafeBytes { bytes in
            // An empty key or value must still be a valid pointer for memcmp and memcpy.
            let base = unsafe bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
            var value = unsafe MDB_val(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: base))
            return unsafe body(&value)
        }
    }
}

extension MDB_val {
    /// What C lent to us; the caller ties it to the transaction.
    @inline(__always)
    var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: mv_data, count: mv_size)
    }
}
