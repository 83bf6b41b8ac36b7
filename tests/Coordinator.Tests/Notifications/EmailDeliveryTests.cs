using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Campaigns.Notices;
using HostAgent.Coordinator.Notifications.Delivery;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace HostAgent.Coordinator.Tests.Notifications;

/// <summary>Mail to a real SMTP server: encrypted, with a sign-in, and with nothing in its headers but what is ours.</summary>
public sealed class EmailDeliveryTests : IAsyncLifetime
{
    private readonly Pki _pki = new();
    private readonly MailServer _server = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mail-");
    private MutualTlsOptions _files = null!;

    public async ValueTask InitializeAsync()
    {
        _files = _pki.Files(PeerRole.Agent, "mail");
        await _server.StartAsync(_files);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _pki.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Mail_is_plain_text_over_tls_and_tells_campaign_what_and_state()
    {
        (await SendAsync(Channel())).ShouldBe(DeliveryResult.Delivered);

        var (mail, secure, user) = _server.Got.ShouldHaveSingleItem();
        (secure, user).ShouldBe((true, "failback"));
        mail.Subject.ShouldBe("[failback] home: machine held (RUNNING)");
        mail.From.Mailboxes.ShouldHaveSingleItem().Address.ShouldBe("failback@example.com");
        mail.To.Mailboxes.Select(to => to.Address).ShouldBe(["dr@example.com", "night@example.com"]);
        mail.Headers[HeaderId.AutoSubmitted].ShouldBe("auto-generated");
        mail.MessageId.ShouldEndWith("-7-machine-held@failback.invalid");
        mail.HtmlBody.ShouldBeNull();
        mail.TextBody!.ShouldContain("vm-1 waits for a person's decision.");
        mail.TextBody!.ShouldContain("    failback vm status vm-1");
    }

    [Fact]
    public async Task Name_of_a_guest_adds_no_header_and_no_recipient()
    {
        (await SendAsync(Channel(), campaign: "home\r\nBcc: all@example.com\r\n\r\nbody")).ShouldBe(DeliveryResult.Delivered);

        var mail = _server.Got.ShouldHaveSingleItem().Mail;
        mail.Bcc.ShouldBeEmpty();
        mail.Subject!.ShouldContain("\\u000D\\u000ABcc: all@example.com");
        mail.To.Mailboxes.Count().ShouldBe(2);
    }

    [Fact]
    public async Task Server_that_offers_no_encryption_gets_neither_password_nor_mail()
    {
        await using var plain = new MailServer();
        await plain.StartAsync(null);
        var channel = Channel();
        channel.SmtpPort = plain.Port;

        (await SendAsync(channel)).Verdict.ShouldBe(DeliveryVerdict.MayPass);
        plain.Got.ShouldBeEmpty();
        plain.SignIns.ShouldBe(0);
    }

    [Fact]
    public async Task Server_of_another_authority_gets_neither_password_nor_mail()
    {
        using var other = new Pki();
        var channel = Channel();
        channel.Authority = other.Files(PeerRole.Agent, "mail").AuthorityPath;

        (await SendAsync(channel)).Verdict.ShouldBe(DeliveryVerdict.MayPass);
        (_server.Got.Count, _server.SignIns).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Recipient_that_is_refused_for_good_is_named_and_not_tried_again()
    {
        _server.Refuses = SmtpReplyCode.MailboxUnavailable;
        (await SendAsync(Channel())).ShouldBe(new DeliveryResult(DeliveryVerdict.Refused, "The mail server answered 550 for the recipient dr@example.com."));
    }

    [Fact]
    public async Task Wrong_password_may_pass_and_is_not_told()
    {
        _server.Password = "another";
        (await SendAsync(Channel())).ShouldBe(new DeliveryResult(DeliveryVerdict.MayPass, "The mail server refuses the account or its password."));
    }

    [Fact]
    public async Task Server_that_says_nothing_is_left_after_the_timeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var channel = Channel();
        (channel.SmtpPort, channel.Timeout) = (((IPEndPoint)silent.LocalEndpoint).Port, TimeSpan.FromSeconds(1));

        (await SendAsync(channel)).ShouldBe(new DeliveryResult(DeliveryVerdict.MayPass, "The mail server did not take it within 1 s."));
    }

    private static async Task<DeliveryResult> SendAsync(ChannelOptions channel, string campaign = "home")
    {
        using var delivery = Deliveries.Of("mail", channel, TimeProvider.System);
        var notice = new Notice(NoticeTopic.MachineHeld, 7, new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), "vm-1", "vm-1 waits for a person's decision.", "failback vm status vm-1");
        return await delivery.SendAsync(Letter.Of(Digest.Of(campaign, Guid.NewGuid(), "RUNNING", notice)), default);
    }

    private ChannelOptions Channel()
    {
        var password = Path.Combine(_directory.FullName, "password");
        File.WriteAllText(password, "a long word\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new ChannelOptions
        {
            Kind = ChannelOptions.Email,
            SmtpHost = "127.0.0.1",
            SmtpPort = _server.Port,
            SmtpUser = "failback",
            PasswordFile = password,
            Authority = _files.AuthorityPath,
            From = "failback@example.com",
            To = ["dr@example.com", "night@example.com"],
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>A mail server on a free port that keeps what it takes.</summary>
    private sealed class MailServer : MessageStore, IMailboxFilter, IMailboxFilterFactory, IUserAuthenticator, IUserAuthenticatorFactory, IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private Task _running = Task.CompletedTask;
        private int _signIns;

        public int Port { get; private set; }

        public ConcurrentQueue<(MimeMessage Mail, bool Secure, string User)> Got { get; } = new();

        public string Password { get; set; } = "a long word";

        public int SignIns => _signIns;

        public SmtpReplyCode? Refuses { get; set; }

        public async Task StartAsync(MutualTlsOptions? files)
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Port = ((IPEndPoint)free.LocalEndpoint).Port;
            }

            var options = new SmtpServerOptionsBuilder().ServerName("mail").Endpoint(endpoint =>
            {
                endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port));
                if (files is not null)
                {
                    using var pem = X509Certificate2.CreateFromPemFile(files.CertificatePath!, files.PrivateKeyPath);
                    endpoint.Certificate(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null));
                }
            }).Build();
            var services = new ServiceProvider();
            services.Add(this as IMessageStore);
            services.Add(this as IMailboxFilterFactory);
            services.Add(this as IUserAuthenticatorFactory);
            _running = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
            using var deadline = new CancellationTokenSource(Limits.Patience);
            while (true)
            {
                try
                {
                    using var probe = new TcpClient();
                    await probe.ConnectAsync(IPAddress.Loopback, Port, deadline.Token);
                    return;
                }
                catch (SocketException)
                {
                    await Task.Yield();
                }
            }
        }

        public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var stream = new MemoryStream(buffer.ToArray());
            Got.Enqueue((await MimeMessage.LoadAsync(stream, cancellationToken), context.Pipe.IsSecure, context.Authentication.User));
            return SmtpResponse.Ok;
        }

        public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken)
            => Refuses is { } code ? throw new SmtpResponseException(new SmtpResponse(code, "no such mailbox")) : Task.FromResult(true);

        public Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _signIns);
            return Task.FromResult(user == "failback" && password == Password);
        }

        IMailboxFilter ISessionContextInstanceFactory<IMailboxFilter>.CreateInstance(ISessionContext context) => this;

        IUserAuthenticator ISessionContextInstanceFactory<IUserAuthenticator>.CreateInstance(ISessionContext context) => this;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }
    }
}
