using System.Management.Automation.Language;

namespace HostAgent.Deploy.Tests.Windows;

/// <summary>The scripts run in the Windows PowerShell 5.1 that every Windows Server has, although another engine tests them.</summary>
public sealed class ScriptTextTests
{
    private static readonly TokenKind[] NewerThanFive =
        [TokenKind.QuestionQuestion, TokenKind.QuestionQuestionEquals, TokenKind.QuestionDot, TokenKind.QuestionLBracket, TokenKind.QuestionMark, TokenKind.AndAnd, TokenKind.OrOr, TokenKind.Clean];

    public static TheoryData<string> Scripts =>
    [
        .. Directory.GetFiles(Path.GetDirectoryName(Repository.Deployment)!, "*.ps*1", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository.Deployment, path)),
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_has_no_syntax_that_windows_powershell_lacks(string script)
    {
        Parser.ParseFile(Path.Combine(Repository.Deployment, script), out var tokens, out var errors);

        errors.ShouldBeEmpty();
        tokens.ShouldNotContain(token => NewerThanFive.Contains(token.Kind));
    }

    // Without a byte order mark Windows PowerShell reads a script in the code page of the machine.
    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_is_plain_ascii(string script)
        => File.ReadAllBytes(Path.Combine(Repository.Deployment, script)).ShouldAllBe(value => value < 128);

    [Theory]
    [InlineData("Install-HostAgent.ps1")]
    [InlineData("Update-HostAgent.ps1")]
    [InlineData("Uninstall-HostAgent.ps1")]
    public void Script_demands_an_administrator_and_explains_every_parameter(string script)
    {
        var ast = Parser.ParseFile(Path.Combine(Repository.Deployment, script), out _, out _);

        ast.ScriptRequirements.IsElevationRequired.ShouldBeTrue();
        ast.ScriptRequirements.RequiredPSVersion.ShouldBe(new Version(5, 1));
        var help = ast.GetHelpContent();
        help.Synopsis.ShouldNotBeNullOrWhiteSpace();
        var documented = help.Parameters.Keys.Select(name => name.ToUpperInvariant()).ToHashSet();
        ast.ParamBlock.Parameters.Select(parameter => parameter.Name.VariablePath.UserPath.ToUpperInvariant())
            .ShouldAllBe(name => documented.Contains(name));
    }
}
