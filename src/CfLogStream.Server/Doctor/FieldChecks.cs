using System.Globalization;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Doctor;

/// <summary>Says which fields a dataset lacks, what that costs, and what to add to the job.</summary>
internal static class FieldChecks
{
    /// <summary>A job that was edited sends both shapes for a while; less than this share without a field is such a rest.</summary>
    private const double Rest = 0.001;

    /// <summary>Checks the fields of a dataset that has records.</summary>
    public static IEnumerable<Finding> Run(DatasetSurvey survey)
    {
        string check = $"{survey.Name} fields";
        int found = 0;
        var findings = new List<Finding>();
        foreach (FieldPurpose purpose in FieldPurposes.Of(survey.Dataset))
        {
            // A zone's job cannot have what only an account's has; which of them it is does not stand in the records.
            if (purpose.IsOfAccounts && purpose.Fields.All(field => survey.Present(field) == 0))
            {
                continue;
            }

            Finding? finding = Missing(survey, check, purpose) ?? Partial(survey, check, purpose) ?? Empty(survey, check, purpose);
            if (finding is null)
            {
                found += purpose.Fields.Count;
            }
            else
            {
                findings.Add(finding);
            }
        }

        return findings.Count == 0
            ? [Finding.Ok(check, $"all {found} are there")]
            : findings.OrderByDescending(finding => finding.Level);
    }

    private static Finding? Missing(DatasetSurvey survey, string check, FieldPurpose purpose)
    {
        LogField[] missing = [.. purpose.Fields.Where(field => survey.Present(field) == 0)];
        if (missing.Length == 0 || purpose.Substitutes.Any(field => survey.Present(field) > 0))
        {
            return null;
        }

        return new Finding(
            purpose.IsRequired ? FindingLevel.Problem : FindingLevel.Warning,
            check,
            $"no {string.Join(", no ", missing)}",
            purpose.Cost,
            Add(survey, missing));
    }

    private static Finding? Partial(DatasetSurvey survey, string check, FieldPurpose purpose)
    {
        LogField[] partial =
        [
            .. purpose.Fields.Where(field => survey.Present(field) > 0 && survey.Records - survey.Present(field) > Rest * survey.Records),
        ];
        if (partial.Length == 0 || purpose.Substitutes.Any(field => survey.Present(field) + survey.Present(partial[0]) >= survey.Records))
        {
            return null;
        }

        double share = 100.0 * survey.Present(partial[0]) / survey.Records;
        return new Finding(
            purpose.IsRequired ? FindingLevel.Problem : FindingLevel.Warning,
            check,
            string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", partial)} only in {share:0.#} % of the records"),
            purpose.Cost,
            "A job was edited in this time, or two jobs differ. If it stays so: " + Add(survey, partial));
    }

    private static Finding? Empty(DatasetSurvey survey, string check, FieldPurpose purpose)
    {
        if (purpose.EmptyBecause.Length == 0 || purpose.Fields.Any(field => survey.Valued(field) > 0)
            || purpose.Fields.Any(field => survey.Present(field) == 0))
        {
            return null;
        }

        return Finding.Warning(
            check,
            $"{string.Join(", ", purpose.Fields)} never with a value",
            purpose.Cost,
            $"It looks as if {purpose.EmptyBecause}; the job itself is right.");
    }

    private static string Add(DatasetSurvey survey, LogField[] fields) =>
        $"Add to output_options.field_names of the {survey.Name} job: {string.Join(", ", fields.Select(field => $"\"{field}\""))}.";
}
