using HostAgent.Coordinator.Reports;

namespace HostAgent.Coordinator.Tests.Reports;

/// <summary>A report with one of everything, for the writers.</summary>
internal static class SampleReport
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);

    public static CampaignReport With(params ReportedItem[] items) => new()
    {
        Name = "campaigns/return-to-east",
        Uid = "01234567-89ab-7def-8123-456789abcdef",
        ReportTime = Start.AddHours(9),
        ReportedTo = "CN=auditor",
        Version = 42,
        State = "COMPLETED_WITH_FAILURES",
        Explanation = "Every item has ended; 1 did not succeed.",
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["ticket"] = "DR-1042" },
        CreatedBy = "maria",
        CreateTime = Start.AddHours(-1),
        StartTime = Start,
        EndTime = Start.AddHours(8),
        Counts = new SortedDictionary<string, int>(StringComparer.Ordinal) { ["SUCCEEDED"] = 1, ["FAILED"] = 1 },
        Audit = new AuditSeal(17, "ab12", Intact: true, FirstBroken: null),
        Waves = [new ReportedWave("canary", "DONE", 2, 1, 1, Start, Start.AddHours(8), "approval by dr-lead", "dr-lead", null)],
        Acts = [new TimelineEntry(Start, "dr-lead", "wave-approved", "canary", "Approved the gate: looks good.")],
        Items = items,
        Document = "apiVersion: failback/v1\n",
    };

    public static ReportedItem Item(string name = "sql-01", string state = "SUCCEEDED", string explanation = "") => new()
    {
        ItemId = "3f2a",
        Wave = "canary",
        Host = "hv-west-01",
        Site = "west",
        PrimarySite = "east",
        Tenant = "acme",
        VirtualMachineId = "3F2A",
        VirtualMachineName = name,
        DiskBytes = 240L << 30,
        State = state,
        Attempts = 1,
        OperationId = "op-1",
        StartTime = Start,
        EndTime = Start.AddMinutes(90),
        FailureReason = state == "FAILED" ? "ACCESS_DENIED" : string.Empty,
        Explanation = explanation,
    };

    public static async Task<string> TextAsync(CampaignReport report, Func<CampaignReport, TextWriter, Task> write)
    {
        await using var text = new StringWriter { NewLine = "\n" };
        await write(report, text);
        return text.ToString();
    }
}
