namespace CfLogStream.Server.Analysis;

/// <summary>The keys of some records of one second in one page.</summary>
/// <param name="Second">Their second of event time since 1970-01-01 UTC.</param>
/// <param name="Page">The page's number.</param>
/// <param name="Keys">Where the first of the keys stands; the others follow.</param>
/// <param name="Count">How many they are.</param>
internal readonly record struct RecordSlice(long Second, int Page, int Keys, int Count);
