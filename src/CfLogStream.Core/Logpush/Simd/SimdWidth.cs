namespace CfLogStream.Core.Logpush.Simd;

/// <summary>How wide the vectors are that lines are read with.</summary>
public enum SimdWidth
{
    /// <summary>No vectors of our own: the reference that every other width is held against.</summary>
    Scalar = 0,

    /// <summary>16 bytes at a time (SSE, NEON).</summary>
    Vector128 = 128,

    /// <summary>32 bytes at a time (AVX2).</summary>
    Vector256 = 256,

    /// <summary>64 bytes at a time (AVX-512).</summary>
    Vector512 = 512,
}
