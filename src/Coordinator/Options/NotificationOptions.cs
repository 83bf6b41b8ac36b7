using System.Globalization;
using System.IO.Enumeration;
using System.Net;
using System.Net.Mail;
using System.Text.RegularExpressions;
using HostAgent.Campaigns.Notices;
using HostAgent.Hosting.Settings;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Options;

/// <summary>Who is told what campaigns do, section <c>Coordinator:Notifications</c>.</summary>
public sealed class NotificationOptions : ISettingsGroup
{
    /// <summary>The channels by their names, which have 1 to 63 of a-z, 0-9 and '-'.</summary>
    /// <value>None by default: nobody is told anything, and nothing is kept.</value>
    public Dictionary<string, ChannelOptions> Channels { get; set; } = [];

    /// <summary>The shortest time between two messages about one campaign on one channel; what happens in between is told together. What is urgent is told at once.</summary>
    /// <value>The default is 30 seconds; at least 1 second, at most 1 hour.</value>
    [Duration("00:00:01", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the delivery of a message is tried; then it is a dead letter. Nothing older is told.</summary>
    /// <value>The default is 1 day; at least 1 minute, at most 30 days.</value>
    [Duration("00:01:00", "30.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many messages wait for a channel, and how many dead letters it keeps: the oldest that waits becomes a dead letter, the oldest dead letter is dropped.</summary>
    /// <value>The default is 1000; 1 to 10,000.</value>
    [WholeNumber(1, 10_000)]
    public int MaxMessages { get; set; } = 1000;
}

/// <summary>One channel, section <c>Coordinator:Notifications:Channels:NAME</c>.</summary>
public sealed partial class ChannelOptions : ISettingsGroup, ISettingsRules
{
    /// <summary>The channel is a receiver of HTTP requests.</summary>
    public const string Webhook = "webhook";

    /// <summary>The channel is e-mail.</summary>
    public const string Email = "email";

    /// <summary>What it is.</summary>
    [OneOf(Webhook, Email, IsRequired = true)]
    public string? Kind { get; set; }

    /// <summary>Where a webhook is sent; https, or http to an IP address of the loopback.</summary>
    public string? Url { get; set; }

    /// <summary>A file with the key that signs a webhook, readable by this account only: whsec_ and 24 to 64 bytes in base64. Read for each message, so that a new key needs no restart.</summary>
    [ExistingFile("the key that signs the webhook")]
    public string? SecretFile { get; set; }

    /// <summary>The authority of the receiver's or mail server's certificate, a PEM file.</summary>
    /// <value>Unset by default, which means the authorities that the operating system trusts.</value>
    [ExistingFile("the PEM certificate of the authority of the receiver")]
    public string? Authority { get; set; }

    /// <summary>The mail server's name or IP address.</summary>
    [NotBlank("the name or the IP address of a mail server")]
    public string? SmtpHost { get; set; }

    /// <summary>The mail server's port.</summary>
    /// <value>The default is 587.</value>
    [WholeNumber(1, 65_535)]
    public int SmtpPort { get; set; } = 587;

    /// <summary>How the connection to the mail server is encrypted: starttls (demanded, never optional), tls from the first byte, or none, which only an IP address of the loopback may have.</summary>
    /// <value>The default is starttls.</value>
    [OneOf("starttls", "tls", "none")]
    public string SmtpSecurity { get; set; } = "starttls";

    /// <summary>The account at the mail server.</summary>
    /// <value>Unset by default: no sign-in.</value>
    [NotBlank("the account at the mail server")]
    public string? SmtpUser { get; set; }

    /// <summary>A file with the account's password and nothing else, readable by this account only; read for each message.</summary>
    [ExistingFile("the password of the account at the mail server")]
    public string? PasswordFile { get; set; }

    /// <summary>The sender of mail.</summary>
    public string? From { get; set; }

    /// <summary>The recipients of mail.</summary>
    public string[] To { get; set; } = [];

    /// <summary>What it is told.</summary>
    /// <value>Everything by default.</value>
    public string[] Events { get; set; } = [];

    /// <summary>Of which campaigns: their names, with * for any characters.</summary>
    /// <value>Of all by default.</value>
    public string[] Campaigns { get; set; } = [];

    /// <summary>How long one attempt may take.</summary>
    /// <value>The default is 10 seconds; at least 1 second, at most 2 minutes.</value>
    [Duration("00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the server is on this machine, so that what is said to it crosses no network.</summary>
    internal static bool IsLoopback(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);

    /// <summary>Whether a campaign is one that it is told of.</summary>
    internal bool Covers(string campaign) => Campaigns.Length == 0 || Campaigns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, campaign));

    /// <summary>Whether it is told of a topic.</summary>
    internal bool Wants(NoticeTopic topic) => Events.Length == 0 || Events.Contains(NoticeTopics.WordOf(topic), StringComparer.Ordinal);

    /// <summary>Where it leads, without what may be secret.</summary>
    internal string Target => Kind == Webhook
        ? Uri.TryCreate(Url, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : ""
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", To)} by {SmtpHost}:{SmtpPort}");

    /// <inheritdoc/>
    public IEnumerable<SettingError> Check()
    {
        var errors = new List<SettingError>();
        var ofWebhook = ((string Key, object? Value)[])[(nameof(Url), Url), (nameof(SecretFile), SecretFile)];
        var ofEmail = ((string Key, object? Value)[])[(nameof(SmtpHost), SmtpHost), (nameof(SmtpUser), SmtpUser), (nameof(PasswordFile), PasswordFile), (nameof(From), From), (nameof(To), To.FirstOrDefault())];
        if (Kind is Webhook or Email)
        {
            errors.AddRange((Kind == Webhook ? ofEmail : ofWebhook).Where(setting => setting.Value is not null).Select(setting => new SettingError(setting.Key, setting.Value, $"unset while {nameof(Kind)} is {Kind}")));
            if (Kind == Webhook)
            {
                CheckWebhook(errors);
            }
            else
            {
                CheckEmail(errors);
            }
        }

        errors.AddRange(Events.Where(word => !NoticeTopics.Words.Contains(word, StringComparer.Ordinal)).Select(word => new SettingError(nameof(Events), word, "one of " + string.Join(", ", NoticeTopics.Words))));
        errors.AddRange(Campaigns.Where(pattern => !Pattern().IsMatch(pattern)).Select(pattern => new SettingError(nameof(Campaigns), pattern, "a campaign's name of a-z, 0-9 and '-', with * for any characters")));
        return errors;
    }

    private void CheckWebhook(List<SettingError> errors)
    {
        const string Rule = "an https address without a user or a password, or an http address whose host is a loopback IP address";
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0
            || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && IsLoopback(url.Host))))
        {
            // Its path and its query may be a secret of the receiver.
            errors.Add(new SettingError(nameof(Url), url is { UserInfo.Length: 0 } ? url.GetLeftPart(UriPartial.Authority) : null, Rule));
        }

        if (SecretFile is null)
        {
            errors.Add(new SettingError(nameof(SecretFile), null, "a file with the key that signs the webhook"));
        }
        else if (File.Exists(SecretFile) && SecretText.ErrorOfKey(SecretFile) is { } error)
        {
            errors.Add(new SettingError(nameof(SecretFile), SecretFile, error));
        }
    }

    private void CheckEmail(List<SettingError> errors)
    {
        if (SmtpHost is null)
        {
            errors.Add(new SettingError(nameof(SmtpHost), null, "the name or the IP address of a mail server"));
        }
        else if (SmtpSecurity == "none" && !IsLoopback(SmtpHost))
        {
            errors.Add(new SettingError(nameof(SmtpSecurity), SmtpSecurity, $"starttls or tls, because {nameof(SmtpHost)} is no loopback IP address"));
        }

        if ((SmtpUser is null) != (PasswordFile is null))
        {
            errors.Add(SmtpUser is null
                ? new SettingError(nameof(SmtpUser), null, $"the account of {nameof(PasswordFile)}")
                : new SettingError(nameof(PasswordFile), null, $"the password of {nameof(SmtpUser)}"));
        }

        if (PasswordFile is { } file && File.Exists(file) && OwnerOnly.ErrorOfSecret(file) is not null)
        {
            errors.Add(new SettingError(nameof(PasswordFile), file, SecretText.ModeRule));
        }

        const string Address = "a mail address, such as dr@example.com";
        if (From is null || !IsAddress(From))
        {
            errors.Add(new SettingError(nameof(From), From, Address));
        }

        if (To.Length is 0 or > 50)
        {
            errors.Add(new SettingError(nameof(To), To.Length == 0 ? null : $"{To.Length} addresses", "1 to 50 mail addresses"));
        }

        errors.AddRange(To.Where(address => !IsAddress(address)).Select(address => new SettingError(nameof(To), address, Address)));
    }

    // Without a display name and without anything that would end a header.
    private static bool IsAddress(string text) => MailAddress.TryCreate(text, out var address) && address.Address == text && text.All(character => character is > ' ' and < '\u007f');

    [GeneratedRegex("^[a-z0-9*-]{1,63}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}

/// <summary>Files that hold one secret.</summary>
internal static class SecretText
{
    public const string ModeRule = "a file of mode 0600 or 0400, because other accounts have access to this one (chmod 600)";

    private const string Prefix = "whsec_";
    private const string KeyRule = "a file with whsec_ and the base64 of 24 to 64 random bytes, and nothing else";

    /// <summary>What a file with a key must be; null when it is.</summary>
    public static string? ErrorOfKey(string file)
    {
        try
        {
            ReadKey(file);
            return null;
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotTextException)
        {
            return KeyRule;
        }
    }

    /// <summary>Reads the key that signs a webhook.</summary>
    /// <exception cref="InvalidDataException">It is none, or other accounts can read it; the message says what the file must be, and nothing of its content.</exception>
    public static byte[] ReadKey(string file)
    {
        var text = Read(file);
        var key = new byte[96];
        return text.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Prefix.Length..], key, out var length) && length is >= 24 and <= 64
            ? key[..length]
            : throw new InvalidDataException(KeyRule);
    }

    /// <summary>Reads a secret without the end of its line.</summary>
    /// <exception cref="InvalidDataException">Other accounts can read it.</exception>
    public static string Read(string file) => OwnerOnly.ErrorOfSecret(file) is null ? TextFile.Read(file).TrimEnd('\r', '\n') : throw new InvalidDataException(ModeRule);
}
