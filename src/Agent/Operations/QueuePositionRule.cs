namespace HostAgent.Agent.Operations;

/// <summary>
/// Which moves in the queue are worth a recorded event. Near the front every one is; far behind, one for each tenth of the way:
/// draining a queue of n then costs n·log n events instead of n².
/// </summary>
internal static class QueuePositionRule
{
    private const int NearTheFront = 10;

    /// <summary>Whether a move is told.</summary>
    /// <param name="told">The position last told.</param>
    /// <param name="now">The position now, from 1.</param>
    public static bool IsWorthTelling(int told, int now)
        => now != told && (now <= NearTheFront || told == 0 || Math.Abs(told - now) * 10 >= told);
}
