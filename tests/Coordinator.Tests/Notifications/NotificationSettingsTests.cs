using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;
using HostAgent.Coordinator.Options;
using HostAgent.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace HostAgent.Coordinator.Tests.Notifications;

/// <summary>What the settings of channels may be, and that each thing that is wrong has one clear line without a secret in it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class NotificationSettingsTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Section = "Coordinator:Notifications:Channels:ops";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("channels-");

    public NotificationSettingsTests()
        // Other accounts may enter, so that the modes of the files count.
        => File.SetUnixFileMode(_directory.FullName, Owner | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("https://hooks.example/a/b?c=d")]
    [InlineData("https://127.0.0.1:8443/")]
    [InlineData("http://127.0.0.1:8080/hook")]
    [InlineData("http://[::1]:8080/hook")]
    public void Webhook_that_is_protected_on_its_way_is_taken(string url) => Errors(("Kind", "webhook"), ("Url", url), ("SecretFile", Key())).ShouldBeEmpty();

    [Theory]
    [InlineData("http://hooks.example/a-secret-path", "'http://hooks.example'")]
    [InlineData("http://localhost/a-secret-path", "'http://localhost'")]
    [InlineData("ftp://hooks.example/a-secret-path", "'ftp://hooks.example'")]
    public void Webhook_that_others_could_read_is_refused_without_its_path(string url, string shown)
        => Errors(("Kind", "webhook"), ("Url", url), ("SecretFile", Key())).ShouldHaveSingleItem()
            .ShouldBe($"{Section}:Url is {shown}; it must be an https address without a user or a password, or an http address whose host is a loopback IP address.");

    [Theory]
    [InlineData("https://ann:a-secret-word@hooks.example/")]
    [InlineData("hooks.example")]
    public void Address_with_a_secret_or_none_is_not_shown(string url)
        => Errors(("Kind", "webhook"), ("Url", url), ("SecretFile", Key())).ShouldHaveSingleItem().ShouldStartWith($"{Section}:Url is not set; it must be an https address");

    [Fact]
    public void Key_must_be_one_and_for_this_account_only()
    {
        Errors(("Kind", "webhook"), ("Url", "https://hooks.example")).ShouldHaveSingleItem().ShouldBe($"{Section}:SecretFile is not set; it must be a file with the key that signs the webhook.");
        var weak = Secret("whsec_c2hvcnQ=", Owner);
        Errors(("Kind", "webhook"), ("Url", "https://hooks.example"), ("SecretFile", weak)).ShouldHaveSingleItem()
            .ShouldBe($"{Section}:SecretFile is '{weak}'; it must be a file with whsec_ and the base64 of 24 to 64 random bytes, and nothing else.");
        var exposed = Key(Owner | UnixFileMode.OtherRead);
        Errors(("Kind", "webhook"), ("Url", "https://hooks.example"), ("SecretFile", exposed)).ShouldHaveSingleItem()
            .ShouldBe($"{Section}:SecretFile is '{exposed}'; it must be a file of mode 0600 or 0400, because other accounts have access to this one (chmod 600).");
    }

    [Fact]
    public void All_that_is_wrong_with_mail_is_named_at_once()
    {
        var exposed = Secret("a secret word", Owner | UnixFileMode.GroupRead);
        Errors(
            ("Kind", "email"), ("SmtpHost", "mail.example"), ("SmtpSecurity", "none"), ("PasswordFile", exposed), ("From", "dr@example.com\r\nBcc: all@example.com"), ("To:0", "Ann <ann@example.com>"), ("Url", "https://x"),
            ("Events:0", "campaign.startet"), ("Campaigns:0", "Home")).ShouldBe(
            [
                $"{Section}:Url is 'https://x'; it must be unset while Kind is email.",
                $"{Section}:SmtpSecurity is 'none'; it must be starttls or tls, because SmtpHost is no loopback IP address.",
                $"{Section}:SmtpUser is not set; it must be the account of PasswordFile.",
                $"{Section}:PasswordFile is '{exposed}'; it must be a file of mode 0600 or 0400, because other accounts have access to this one (chmod 600).",
                $"{Section}:From is 'dr@example.com\r\nBcc: all@example.com'; it must be a mail address, such as dr@example.com.",
                $"{Section}:To is 'Ann <ann@example.com>'; it must be a mail address, such as dr@example.com.",
                $"{Section}:Campaigns is 'Home'; it must be a campaign's name of a-z, 0-9 and '-', with * for any characters.",
                $"{Section}:Events is 'campaign.startet'; it must be one of campaign.started, campaign.paused, campaign.resumed, campaign.stopping, campaign.finished, approval.waiting, approval.given, approval.rejected, machine.held, machine.answered, machine.failed, machine.recovered, machine.outcome-unknown, machine.outcome-resolved, machine.overdue, host.unreachable, host.reachable, wave.ended, schedule.run-skipped.",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("Kind", "pager", "Coordinator:Notifications:Channels:ops:Kind is 'pager'; it must be webhook or email.")]
    [InlineData("Timeout", "00:10:00", "Coordinator:Notifications:Channels:ops:Timeout is '00:10:00'; it must be a time (d.hh:mm:ss) from 00:00:01 to 00:02:00.")]
    [InlineData("Secret", "a secret word", "Coordinator:Notifications:Channels:ops:Secret is not a setting; it must be one of Kind, Url, SecretFile,")]
    public void Setting_that_is_not_allowed_is_named(string key, string value, string expected)
    {
        (string, string)[] valid = [("Kind", "webhook"), ("Url", "https://hooks.example"), ("SecretFile", Key())];
        var error = Errors([.. valid.Where(setting => setting.Item1 != key), (key, value)]).ShouldHaveSingleItem();
        error.ShouldStartWith(expected);
        error.ShouldNotContain("a secret word");
    }

    [Fact]
    public void Settings_in_the_readme_are_ones_that_are_taken()
    {
        var json = Json().Match(File.ReadAllText(Readme())).Groups["json"].Value.Replace("/etc/failback/ops.secret", Key(), StringComparison.Ordinal).Replace("/etc/failback/mail.password", Secret("x", Owner), StringComparison.Ordinal);
        var errors = new List<string>();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var options = SettingsReader.Read<CoordinatorOptions>(new ConfigurationBuilder().AddJsonStream(stream).Build(), "Coordinator", errors);

        errors.Where(error => error.Contains("Notifications", StringComparison.Ordinal)).ShouldBeEmpty();
        options.Notifications.Channels.Keys.Order(StringComparer.Ordinal).ShouldBe(["night", "ops"]);
        options.Notifications.Channels["night"].Covers("home-2").ShouldBeTrue();
        options.Notifications.Channels["night"].Covers("away").ShouldBeFalse();
    }

    private static List<string> Errors(params (string Key, string Value)[] settings)
    {
        var errors = new List<string>();
        SettingsReader.Read<NotificationOptions>(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"{Section}:{setting.Key}", (string?)setting.Value))).Build(), "Coordinator:Notifications", errors);
        return errors;
    }

    private static string Readme([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..", "src", "Coordinator", "README.md");

    private string Key(UnixFileMode mode = Owner) => Secret($"whsec_{Convert.ToBase64String(new byte[32])}\n", mode);

    private string Secret(string text, UnixFileMode mode)
    {
        var path = Path.Combine(_directory.FullName, Path.GetRandomFileName());
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Json();
}
