namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>The CRC-64-AVRO fingerprint of Avro's specification.</summary>
internal static class Crc64Avro
{
    private const ulong Empty = 0xC15D_213A_A4D7_A795;

    /// <summary>Returns the fingerprint of a schema's canonical form in UTF-8.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong crc = Empty;
        foreach (byte value in bytes)
        {
            ulong low = (crc ^ value) & 0xFF;
            for (int bit = 0; bit < 8; bit++)
            {
                low = (low >> 1) ^ ((low & 1) * Empty);
            }

            crc = (crc >> 8) ^ low;
        }

        return crc;
    }
}
