using System.Globalization;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations.Recovery;

/// <summary>What a damaged journal means for new operations, for as long as an older id may come again.</summary>
/// <param name="damages">The damages that the journal knows of, oldest first.</param>
/// <param name="retention">How long an operation id must not be used again.</param>
/// <param name="time">The clock.</param>
internal sealed class JournalLoss(IReadOnlyList<JournalDamage> damages, TimeSpan retention, TimeProvider time)
{
    /// <summary>The newest damage within the retention; null when there is none.</summary>
    public JournalDamage? Newest => damages.LastOrDefault(IsRecent);

    /// <summary>The newest damage after which operations may be missing, so that an unknown id may have been used. Null when every unknown id is new.</summary>
    public JournalDamage? InForce => damages.LastOrDefault(damage => damage.OperationsMissing && IsRecent(damage));

    /// <summary>Compares the caller's position with the journal's: a journal that was replaced or restored from a copy is intact in itself.</summary>
    /// <param name="before">Where the journal stood when the caller may have sent an operation; null when it never did.</param>
    /// <param name="now">Where it stands.</param>
    /// <param name="hasToken">Whether it has the token of then.</param>
    /// <returns>Null when the journal is the one of then, and not younger.</returns>
    public JournalDamage? Since(JournalPosition? before, JournalPosition now, bool hasToken) => before is null || (before.JournalId == now.JournalId && before.Commits <= now.Commits && hasToken)
        ? null
        : new JournalDamage(
            time.GetUtcNow(),
            string.Empty,
            before.JournalId == now.JournalId
                ? string.Create(CultureInfo.InvariantCulture, $"it lacks commits it had when the operation may first have been sent (commit {before.Commits}): it was restored from a copy")
                : "it is not the journal that the operation may first have been sent to: it was replaced",
            OperationsMissing: true);

    private bool IsRecent(JournalDamage damage) => damage.FindTime + retention > time.GetUtcNow();
}
