using System.Globalization;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Inspection;

/// <summary>Reports whether there is a journal, whether it is intact, and its live operations.</summary>
internal static class JournalFindings
{
    /// <summary>What they are said of.</summary>
    public const string Part = "journal";

    /// <summary>Judges a journal.</summary>
    /// <param name="summary">What it shows; null where there is none.</param>
    /// <param name="directory">Where it is, or would be.</param>
    /// <param name="agentRuns">Whether an agent is running on it.</param>
    public static IReadOnlyList<Finding> Of(JournalSummary? summary, string directory, bool agentRuns)
    {
        var database = new JournalFiles(directory).Database;
        var runs = agentRuns ? "an agent is running on it" : "no agent is running on it";
        return summary switch
        {
            null => [Finding.Ok(Part, $"none in '{directory}' yet; the agent creates it when it starts")],
            { IsBeingRecovered: true } => [Finding.Warning(Part, $"the recovery of '{database}' was interrupted; {runs}. The agent's next start completes it")],
            { Findings.Count: > 0 } => [Finding.Failed(Part, $"'{database}' is damaged: {string.Join("; ", summary.Findings)}; {runs}. The agent's next start quarantines it and recovers what is intact")],
            _ =>
            [
                Finding.Ok(Part, string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{database}' is intact (schema {summary.Schema}); {summary.Live} operations are live, {summary.Finished} finished; {runs}")),
                .. summary.Damages.Select(Of),
            ],
        };
    }

    private static Finding Of(JournalDamage damage)
    {
        var lost = damage.OperationsMissing ? "operations may be missing" : "no operation is missing";
        return Finding.Warning(Part, string.Create(
            CultureInfo.InvariantCulture, $"damage was found on {damage.FindTime:u} ({damage.Explanation}), and {lost}; the damaged file is kept as '{damage.SetAside}'"));
    }
}
