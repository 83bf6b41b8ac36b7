using HostAgent.Agent.Inspection;
using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Tests.Inspection;

/// <summary>What an operator is told about a journal.</summary>
public sealed class JournalFindingsTests
{
    private static readonly string Database = Path.Combine("data", "journal.db");

    [Fact]
    public void Missing_journal_is_how_every_agent_begins()
        => Lines(null, agentRuns: false).ShouldBe(["OK      journal: none in 'data' yet; the agent creates it when it starts"]);

    [Fact]
    public void Whole_journal_says_how_many_operations_are_live_and_finished_and_whether_an_agent_is_at_work()
    {
        var summary = new JournalSummary([], 2, Live: 3, Finished: 40, []);

        Lines(summary, agentRuns: true).ShouldBe([$"OK      journal: '{Database}' is intact (schema 2); 3 operations are live, 40 finished; an agent is running on it"]);
        Lines(summary, agentRuns: false).ShouldHaveSingleItem().ShouldEndWith("; no agent is running on it");
    }

    [Fact]
    public void Damaged_journal_fails_with_everything_that_is_wrong_and_says_what_comes_of_it()
        => Lines(new JournalSummary(["its ledger cannot be read", "3 operations lack their last event"], 2, 0, 0, []), agentRuns: false).ShouldBe(
            [$"FAILED  journal: '{Database}' is damaged: its ledger cannot be read; 3 operations lack their last event; no agent is running on it. The agent's next start quarantines it and recovers what is intact"]);

    [Fact]
    public void Former_damages_stay_a_warning_with_the_file_to_look_at()
    {
        var found = new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
        var summary = new JournalSummary([], 2, 0, 0, [new JournalDamage(found, "a.db", "torn", OperationsMissing: true), new JournalDamage(found.AddDays(1), "b.db", "flipped", OperationsMissing: false)]);

        Lines(summary, agentRuns: true).Skip(1).ShouldBe(
        [
            "WARNING journal: damage was found on 2026-11-22 03:00:00Z (torn), and operations may be missing; the damaged file is kept as 'a.db'",
            "WARNING journal: damage was found on 2026-11-23 03:00:00Z (flipped), and no operation is missing; the damaged file is kept as 'b.db'",
        ]);
    }

    private static IEnumerable<string> Lines(JournalSummary? summary, bool agentRuns) => JournalFindings.Of(summary, "data", agentRuns).Select(finding => finding.ToString());
}
