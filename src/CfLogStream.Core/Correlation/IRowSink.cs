namespace CfLogStream.Core.Correlation;

/// <summary>Takes the rows that correlation makes, in order; implemented by the ClickHouse encoder and by collecting tests.</summary>
/// <remarks>Rows are passed by reference and are valid only during the call. Texts inside rows are immutable and may be kept.</remarks>
public interface IRowSink
{
    void Add(in RequestsRow row);

    void Add(in MitigationsRow row);

    void Add(in CallersRow row);

    void Add(in RuleRow row);

    void Add(in RequestRow row);

    void Add(in QualityRow row);
}
