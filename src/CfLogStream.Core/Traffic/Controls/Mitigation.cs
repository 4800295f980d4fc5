namespace CfLogStream.Core.Traffic.Controls;

/// <summary>
/// What a control did to a request: folding of the two datasets' spellings, and the outcome that follows from an action.
/// </summary>
/// <remarks>
/// Actions and controls are compared folded: lower case, without underscores, blanks and hyphens (<see cref="Fold"/>), because the same
/// value is <c>managedChallenge</c> in http_requests, <c>managedchallenge</c> in firewall_events and <c>managed_challenge</c> in the
/// API.
/// Families are recognised by their ending, so that a new kind of challenge is understood before this file knows it: what ends in
/// <c>solved</c> or <c>bypassed</c> was let through (Cloudflare's security-fields reference), every other <c>…challenge…</c> was
/// stopped.
/// An action that is not understood counts as non-terminating; only with the status at hand can
/// <see cref="OutcomeOf(ReadOnlySpan{byte}, ReadOnlySpan{byte}, int, bool)"/> say that the edge refused the request.
/// </remarks>
public static class Mitigation
{
    /// <summary>
    /// Folds an enumeration value: ASCII lower case, without <c>_</c>, <c>-</c> and white space; other bytes pass through.
    /// </summary>
    /// <param name="destination">Room for the result; a longer value is cut there, never inside a character.</param>
    /// <returns>The number of bytes written, at most the length of <paramref name="value"/>.</returns>
    public static int Fold(ReadOnlySpan<byte> value, Span<byte> destination)
    {
        int written = 0;
        for (int i = 0; i < value.Length; i++)
        {
            byte b = value[i];
            if (b is (byte)'_' or (byte)'-' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            if (written == destination.Length)
            {
                return (b & 0xC0) == 0x80 ? WithoutCutCharacter(destination) : written;
            }

            destination[written++] = (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;
        }

        return written;
    }

    /// <summary>
    /// Returns the outcome of one folded action of one folded control; an action that is not understood is <see
    /// cref="Outcome.Logged"/>.
    /// </summary>
    public static Outcome OutcomeOf(ReadOnlySpan<byte> foldedAction, ReadOnlySpan<byte> foldedControl)
    {
        if (foldedAction.IsEmpty)
        {
            return Outcome.Passed;
        }

        if (IsSolved(foldedAction))
        {
            return Outcome.ChallengeSolved;
        }

        if (IsChallenge(foldedAction))
        {
            return Outcome.Challenged;
        }

        if (foldedAction.SequenceEqual("block"u8))
        {
            return foldedControl.SequenceEqual("ratelimit"u8) ? Outcome.RateLimited : Outcome.Blocked;
        }

        if (IsDrop(foldedAction))
        {
            return Outcome.Dropped;
        }

        return IsExemption(foldedAction) ? Outcome.Exempted : Outcome.Logged;
    }

    /// <summary>
    /// Returns the outcome of one folded action, where an action that is not understood is a block if the edge refused the request.
    /// </summary>
    /// <param name="edgeStatus">The edge's status; 0 when not known.</param>
    /// <param name="originAnswered">Whether the origin answered: then the edge did not refuse.</param>
    public static Outcome OutcomeOf(
        ReadOnlySpan<byte> foldedAction, ReadOnlySpan<byte> foldedControl, int edgeStatus, bool originAnswered)
    {
        Outcome outcome = OutcomeOf(foldedAction, foldedControl);
        return outcome == Outcome.Logged && !originAnswered && edgeStatus is 403 or 429 && !IsKnown(foldedAction)
            ? OutcomeOf("block"u8, foldedControl)
            : outcome;
    }

    /// <summary>Whether a folded action ends the request: block, an unsolved challenge, drop, connection close.</summary>
    public static bool IsTerminating(ReadOnlySpan<byte> foldedAction) => IsTerminating(OutcomeOf(foldedAction, default));

    /// <summary>Whether an outcome means that the request was stopped.</summary>
    public static bool IsTerminating(Outcome outcome) =>
        outcome is Outcome.Blocked or Outcome.RateLimited or Outcome.Dropped or Outcome.Challenged;

    /// <summary>Whether a folded action let a request through because a challenge was solved or a clearance was valid.</summary>
    public static bool IsSolved(ReadOnlySpan<byte> foldedAction) => foldedAction.EndsWith("solved"u8) || foldedAction.EndsWith("bypassed"u8);

    /// <summary>Whether a request with this outcome is lost; an issued challenge is a loss for a client that is no browser.</summary>
    /// <param name="browserClient">Whether the client class is a browser class (<see cref="RecordFlags.BrowserClient"/>).</param>
    public static bool IsLost(Outcome outcome, bool browserClient) =>
        outcome is Outcome.Blocked or Outcome.RateLimited or Outcome.Dropped || (outcome == Outcome.Challenged && !browserClient);

    /// <summary>Returns which of two non-terminating outcomes tells more of a request: solved, then exempted, logged, passed.</summary>
    public static Outcome MoreTelling(Outcome first, Outcome second) => Weight(second) > Weight(first) ? second : first;

    /// <summary>Whether the meaning of a folded action is known.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> foldedAction) =>
        IsSolved(foldedAction) || IsChallenge(foldedAction) || IsDrop(foldedAction) || IsExemption(foldedAction)
        || foldedAction.SequenceEqual("block"u8) || foldedAction.SequenceEqual("log"u8) || foldedAction.SequenceEqual("rewrite"u8)
        || foldedAction.SequenceEqual("simulate"u8);

    private static bool IsChallenge(ReadOnlySpan<byte> action) =>
        !IsSolved(action) && (action.IndexOf("challenge"u8) >= 0 || action.StartsWith("precursorinterstitialpage"u8));

    private static bool IsDrop(ReadOnlySpan<byte> action) =>
        action.SequenceEqual("drop"u8) || action.SequenceEqual("connectionclose"u8) || action.SequenceEqual("forceconnectionclose"u8);

    private static bool IsExemption(ReadOnlySpan<byte> action) =>
        action.SequenceEqual("skip"u8) || action.SequenceEqual("allow"u8) || action.SequenceEqual("bypass"u8)
        || action.SequenceEqual("whitelist"u8);

    private static int Weight(Outcome outcome) => outcome switch
    {
        Outcome.Passed => 0,
        Outcome.Logged => 1,
        Outcome.Exempted => 2,
        Outcome.ChallengeSolved => 3,
        _ => 4,
    };

    /// <summary>Returns the length of a full buffer without the character that its end cuts.</summary>
    private static int WithoutCutCharacter(ReadOnlySpan<byte> full)
    {
        int end = full.Length;
        while (end > 0 && (full[end - 1] & 0xC0) == 0x80)
        {
            end--;
        }

        return Math.Max(0, end - 1);
    }
}
