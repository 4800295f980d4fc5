namespace CfLogStream.Generator;

/// <summary>What a run has written of one dataset.</summary>
/// <param name="Name">The dataset.</param>
/// <param name="Records">Distinct records.</param>
/// <param name="Duplicates">Records of uploads that were sent again.</param>
/// <param name="DeadLines">Lines that are no record, in first and repeated uploads.</param>
/// <param name="Bytes">Bytes of JSON before compression, uploads sent again not included.</param>
/// <param name="Uploads">Uploads, those sent again included.</param>
public sealed record DatasetSummary(string Name, long Records, long Duplicates, long DeadLines, long Bytes, long Uploads);
