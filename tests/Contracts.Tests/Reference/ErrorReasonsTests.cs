using System.Text.RegularExpressions;
using HostAgent.Contracts.Reference;

namespace HostAgent.Contracts.Tests.Reference;

/// <summary>The reference of reasons is made from the contracts' comments, and every reason that the product gives stands in them.</summary>
public partial class ErrorReasonsTests
{
    private static readonly IReadOnlyList<ErrorReason> All = ErrorReasons.Of(new ProtoComments());

    /// <summary>No reasons of errors that a caller sees: of a run that is left out, of an item, and of pages in a browser, which README.md of the contracts has.</summary>
    private static readonly string[] NotOfTheContracts = ["RUN_NOT_ENDED", "COORDINATOR_REFUSED", "CANCELLED", "CROSS_ORIGIN"];

    [Theory]
    [InlineData("NO_GATE", "Campaigns.ApproveWave", "FAILED_PRECONDITION", "there is no such wave, or it needs no approval")]
    [InlineData("STORE_LOW", "Campaigns.CreateCampaign", "RESOURCE_EXHAUSTED", "with RetryInfo when the remaining free space on the store's disk is reserved for existing campaigns")]
    [InlineData("CAMPAIGN_NOT_FOUND", "Campaigns", "NOT_FOUND", "for an unknown one")]
    [InlineData("SYSTEM_IN_USE", "Failback", "ABORTED", "the host's method returned 32774")]
    [InlineData("UNKNOWN_RETURN_CODE", "Failback", "INTERNAL", "the host's method returned a number that is not listed")]
    [InlineData("DRAINING", "Failback.InitiateFailback", "UNAVAILABLE", "")]
    [InlineData("ROLE_NOT_ALLOWED", "Failback", "PERMISSION_DENIED", "the certificate's role may not call it; metadata names the roles that may")]
    public void Reason_has_its_status_its_place_and_what_it_means(string reason, string subject, string status, string meaning)
    {
        var found = All.Where(one => one.Name == reason).ShouldHaveSingleItem();

        found.Statuses.ShouldContain(status);
        found.Places.ShouldContain(place => place.Subject.EndsWith("v1." + subject, StringComparison.Ordinal) && place.Status == status && place.Meaning == meaning, string.Join('\n', found.Places));
    }

    [Fact]
    public void Reasons_are_in_order_and_each_is_there_once()
    {
        All.Select(reason => reason.Name).ShouldBe(All.Select(reason => reason.Name).Distinct().Order(StringComparer.Ordinal));
        All.Count.ShouldBeGreaterThan(60);
        All.SelectMany(reason => reason.Places).ShouldAllBe(place => place.Meaning.Length < 400);
    }

    [Fact]
    public void Every_reason_that_the_product_gives_stands_in_the_contracts()
    {
        var known = All.Select(reason => reason.Name).Concat(NotOfTheContracts).ToHashSet(StringComparer.Ordinal);
        var given = Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => GivenReason().Matches(File.ReadAllText(file)).Select(match => (Reason: match.Groups["reason"].Value, File: Path.GetFileName(file))))
            .ToList();

        given.Count.ShouldBeGreaterThan(40, "the pattern finds where failures are made");
        given.Where(one => !known.Contains(one.Reason)).ShouldBeEmpty("a reason that no comment of the contracts names");
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "HostAgent.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("There is no HostAgent.sln above the tests.");
        }

        return directory.FullName;
    }

    [GeneratedRegex(@"(?:RpcFailure\(\s*StatusCode\.\w+,\s*|Precondition\(\s*|const string Reason = |new\(\s*(?:Grpc\.Core\.)?StatusCode\.\w+,\s*)""(?<reason>[A-Z][A-Z0-9_]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex GivenReason();
}
