using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace HostAgent.Texts.Tests;

/// <summary>Every file is read and written by way of this room. Who cannot has a reason here.</summary>
public sealed partial class RawFileCallsTests
{
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["Agent/Inspection/AgentCapture.cs"] = "a record that grows while a person works, and is there when it is interrupted",
        ["Agent/Journal/CommitCounterFile.cs"] = "a fixed record of bytes, written in place and flushed",
        ["Agent/Journal/JournalFiles.cs"] = "moves database files",
        ["Agent/Journal/JournalInspector.cs"] = "looks at the bytes of a database",
        ["Agent/Journal/JournalRecovery.cs"] = "moves database files",
        ["Coordinator/Reports/HtmlReport.cs"] = "reads a resource of the program",
        ["Coordinator/Reports/ReportExport.cs"] = "writes to the caller, not to a file",
        ["Coordinator/Store/PostgreSql/PostgreSqlSchema.cs"] = "reads a resource of the program",
        ["Coordinator/Store/Transfer/StateMove.cs"] = "gives a database file another name",
        ["Cli/Commands/Audit/ExportCommand.cs"] = "writes lines into the stream that OutputFile gives",
        ["Cli/Commands/Audit/EvidenceCommand.cs"] = "writes lines into a part of a zip file",
        ["Cli/Commands/Support/SupportBundleCommand.cs"] = "writes lines into the parts of a zip file that OutputFile keeps",
        ["Hosting/DataDirectoryLock.cs"] = "a lock, which has no content",
        ["Hosting/Sqlite/SchemaScripts.cs"] = "reads a resource of the program",
        ["HyperV.Simulation/Engine/SharedLink.cs"] = "a lock that two processes share, and its record",
        ["HyperV.Simulation/Engine/StateFile.cs"] = "a log of records that stays open, is locked, and is cut back after a failed write",
        ["Certificates/CertificateAuthority.cs"] = "PEM, whose errors name certificates and keys",
        ["Transport/DescriptorLimit.cs"] = "the kernel's own text about this process",
        ["Transport/Tls/MutualTlsIdentityLoader.cs"] = "PEM, whose errors name certificates and keys",
    };

    [Fact]
    public void No_other_room_opens_files_by_itself()
    {
        var found = Sources().Where(source => RawCall().IsMatch(source.Text)).Select(source => source.Name).ToList();
        found.Except(Exceptions.Keys).ShouldBeEmpty("these must use TextFile or OutputFile");
        Exceptions.Keys.Except(found).ShouldBeEmpty("these are exceptions no longer");
    }

    private static IEnumerable<(string Name, string Text)> Sources([CallerFilePath] string here = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src"));
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(root, file).Replace('\\', '/'), File: file))
            .Where(source => !source.Name.StartsWith("Texts/", StringComparison.Ordinal) && !Generated().IsMatch(source.Name))
            .Select(source => (source.Name, File.ReadAllText(source.File)));
    }

    [GeneratedRegex(
        @"\bFile\.(Write|Append|Create|OpenWrite|OpenText|OpenRead|OpenHandle|Open\(|ReadAll|ReadLines|Replace|Move|Copy)|new (FileStream|StreamWriter|StreamReader)\b",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex RawCall();

    [GeneratedRegex("(^|/)(obj|bin)/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Generated();
}
