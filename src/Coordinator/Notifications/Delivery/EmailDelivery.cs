using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Coordinator.Options;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.Text;

namespace HostAgent.Coordinator.Notifications.Delivery;

/// <summary>Sends plain text by SMTP. One connection for each mail: they are few.</summary>
internal sealed class EmailDelivery(ChannelOptions channel, TimeProvider time) : IDelivery
{
    private const int LongestSubject = 200;

    private readonly X509ChainPolicy? _trust = Deliveries.TrustOf(channel);

    public async Task<DeliveryResult> SendAsync(Letter letter, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(channel.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var mail = Write(letter);
            // The deadline of the whole attempt is ours; the library has one for each read and write.
            using var client = new SmtpClient { CheckCertificateRevocation = false, Timeout = 2 * (int)channel.Timeout.TotalMilliseconds };
            client.SslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13;
            client.ServerCertificateValidationCallback = _trust is null ? null : IsTrusted;
            await client.ConnectAsync(channel.SmtpHost!, channel.SmtpPort, SecurityOf(channel.SmtpSecurity), either.Token);
            if (channel.SmtpUser is { } user)
            {
                await client.AuthenticateAsync(user, SecretText.Read(channel.PasswordFile!), either.Token);
            }

            await client.SendAsync(mail, either.Token);
            await LeaveAsync(client, either.Token);
            return DeliveryResult.Delivered;
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult(DeliveryVerdict.MayPass, string.Create(CultureInfo.InvariantCulture, $"The mail server did not take it within {channel.Timeout.TotalSeconds:0.#} s."));
        }
        catch (SmtpCommandException exception)
        {
            // What the server writes besides its code is not ours to show.
            var answer = string.Create(CultureInfo.InvariantCulture, $"The mail server answered {(int)exception.StatusCode}{Blame(exception)}.");
            return new DeliveryResult((int)exception.StatusCode >= 500 ? DeliveryVerdict.Refused : DeliveryVerdict.MayPass, answer);
        }
        catch (InvalidDataException exception)
        {
            return new DeliveryResult(DeliveryVerdict.MayPass, $"The password of the channel must be {exception.Message}.");
        }
        catch (AuthenticationException)
        {
            return new DeliveryResult(DeliveryVerdict.MayPass, "The mail server refuses the account or its password.");
        }
        catch (SslHandshakeException)
        {
            return new DeliveryResult(DeliveryVerdict.MayPass, "The connection to the mail server could not be encrypted, or its certificate is not trusted.");
        }
        catch (Exception exception) when (exception is IOException or SocketException or ProtocolException or NotSupportedException or ServiceNotConnectedException or UnauthorizedAccessException)
        {
            return new DeliveryResult(DeliveryVerdict.MayPass, Deliveries.Explain(exception));
        }
    }

    public void Dispose()
    {
        foreach (var authority in _trust?.CustomTrustStore ?? [])
        {
            authority.Dispose();
        }
    }

    private static string Blame(SmtpCommandException exception) => exception.ErrorCode switch
    {
        SmtpErrorCode.RecipientNotAccepted => $" for the recipient {exception.Mailbox?.Address}",
        SmtpErrorCode.SenderNotAccepted => " for the sender",
        _ => "",
    };

    // The mail is taken by then: a server that does not say good-bye has it all the same.
    private static async Task LeaveAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ProtocolException or OperationCanceledException)
        {
            // Nothing is lost.
        }
    }

    private static SecureSocketOptions SecurityOf(string security) => security switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "none" => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var own = new X509Chain { ChainPolicy = _trust!.Clone() };
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        using var presented = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return own.Build(presented);
    }

    // The mail library encodes what it is given; a line end never gets that far.
    private MimeMessage Write(Letter letter)
    {
        var subject = Texts.VisibleText.Line($"[failback] {letter.Subject}");
        var mail = new MimeMessage
        {
            Subject = subject.Length <= LongestSubject ? subject : subject[..(LongestSubject - 1)] + "…",
            Date = letter.Time,
            MessageId = $"{letter.Id}@failback.invalid",
            Body = new TextPart(TextFormat.Plain) { Text = Texts.VisibleText.Lines(letter.Text) },
        };
        mail.From.Add(new MailboxAddress(string.Empty, channel.From!));
        mail.To.AddRange(channel.To.Select(address => new MailboxAddress(string.Empty, address)));
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
    }
}
