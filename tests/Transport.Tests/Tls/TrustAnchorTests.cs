using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Transport.Tests.Tls;

/// <summary>A site may trust the authority that issues its certificates rather than the root above it, and then nothing but what that one has issued.</summary>
public sealed class TrustAnchorTests : IDisposable
{
    private const string Uri = "failback://agent/hv-01";

    private readonly FakeTimeProvider _clock = new(Pki.Start);
    private readonly HandMade _root = HandMade.Root("Root");
    private readonly HandMade _issuing;

    public TrustAnchorTests() => _issuing = _root.Authority("Issuing 1", lifetime: TimeSpan.FromDays(1));

    [Theory]
    [InlineData("nothing")]
    [InlineData("issuing")]
    [InlineData("issuing and root")]
    public void Peer_of_an_issuing_authority_that_is_trusted_is_accepted_whatever_it_sends_along(string sent)
    {
        using var peer = _issuing.Peer(Uri);

        var verdict = Judge(peer, [_issuing], sent switch { "nothing" => [], "issuing" => [_issuing], _ => [_issuing, _root] });

        verdict.Explanation.ShouldBeEmpty();
        verdict.Peer.ShouldNotBeNull().Uri.ShouldBe(Uri);
        verdict.Proven!.ValidUntil.ShouldBe(Pki.Start.AddDays(1));
    }

    [Fact]
    public void Root_with_an_issuing_authority_between_is_accepted()
    {
        using var peer = _issuing.Peer(Uri);

        Judge(peer, [_root], [_issuing]).Peer.ShouldNotBeNull();
        Judge(peer, [_root], []).Reason.ShouldBe(ConnectionReason.UntrustedAuthority);
    }

    [Fact]
    public void Peer_of_the_root_or_of_a_sister_is_refused_where_only_the_issuing_authority_is_trusted()
    {
        using var sister = _root.Authority("Issuing 2");
        using var ofSister = sister.Peer(Uri);
        using var ofRoot = _root.Peer(Uri);

        Judge(ofSister, [_issuing], [sister, _root]).Reason.ShouldBe(ConnectionReason.UntrustedAuthority);
        Judge(ofRoot, [_issuing], [_root]).Reason.ShouldBe(ConnectionReason.UntrustedAuthority);
    }

    [Fact]
    public void Peer_of_an_impostor_with_the_name_of_the_issuing_authority_is_refused()
    {
        using var impostor = _root.Authority("Issuing 1");
        using var peer = impostor.Peer(Uri);

        Judge(peer, [_issuing], []).Reason.ShouldBe(ConnectionReason.UntrustedAuthority);
        Judge(peer, [_issuing], [impostor, _issuing]).Reason.ShouldBe(ConnectionReason.UntrustedAuthority);
    }

    [Fact]
    public void Issuing_authority_that_has_expired_is_refused()
    {
        using var peer = _issuing.Peer(Uri);
        _clock.Advance(TimeSpan.FromHours(30));

        var verdict = Judge(peer, [_issuing], []);

        verdict.Reason.ShouldBe(ConnectionReason.CertificateExpired);
        verdict.Explanation.ShouldContain("the authority that issued certificate 'CN=peer' is out of its validity period");
    }

    [Fact]
    public void Forged_authority_below_the_one_that_is_trusted_is_refused()
    {
        using var impostor = _root.Authority("Issuing 1");
        using var below = impostor.Authority("Below");
        using var peer = below.Peer(Uri);

        Judge(peer, [_issuing], [below]).Reason.ShouldBe(ConnectionReason.UntrustedAuthority);
    }

    [Fact]
    public void What_the_trusted_authority_may_issue_is_kept_to()
    {
        using var noAuthorities = _root.Authority("No authorities below", pathLength: 0);
        using var below = noAuthorities.Authority("Below");
        using var forMail = _root.Authority("For mail", usage: "1.3.6.1.5.5.7.3.4");
        using var belowAuthority = below.Peer(Uri);
        using var ofMail = forMail.Peer(Uri);

        Judge(belowAuthority, [noAuthorities], [below]).Reason.ShouldBe(ConnectionReason.CertificateInvalid);
        Judge(ofMail, [forMail], []).Reason.ShouldBe(ConnectionReason.WrongUsage);
    }

    [Fact]
    public void Certificate_issued_by_a_peers_certificate_is_refused()
    {
        using var peer = _issuing.Peer("failback://operator/maria");
        using var forged = peer.Peer(Uri);

        Judge(forged, [_issuing], [peer]).Peer.ShouldBeNull();
    }

    [Fact]
    public void Authority_itself_is_no_peer()
    {
        using var authority = _root.Authority("Issuing 3");

        Judge(authority, [authority], []).Reason.ShouldBe(ConnectionReason.CertificateInvalid);
    }

    [Theory]
    [InlineData("RSA 1024", true)]
    [InlineData("RSA 2048", false)]
    [InlineData("P-384", false)]
    public void Weak_key_is_refused_wherever_it_stands_in_the_chain(string kind, bool isWeak)
    {
        using var weak = Key(kind);
        using var weakIssuing = _root.Authority("Weak issuing", Key(kind));
        using var peer = _issuing.Peer(Uri, weak);
        using var ofWeakIssuing = weakIssuing.Peer(Uri);

        foreach (var verdict in (PeerVerdict[])[Judge(peer, [_root], [_issuing]), Judge(ofWeakIssuing, [_root], [weakIssuing]), Judge(ofWeakIssuing, [weakIssuing], [])])
        {
            verdict.Reason.ShouldBe(isWeak ? ConnectionReason.WeakCertificate : "", verdict.Explanation);
        }
    }

    [Theory]
    [InlineData("SHA1", false)]
    [InlineData("SHA1", true)]
    [InlineData("SHA256", true)]
    public void Weak_signature_is_refused(string hash, bool pss)
    {
        using var root = HandMade.Root("RSA root", RSA.Create(2048));
        using var peer = root.Peer(Uri, signature: key => hash == "SHA1" ? new Sha1Signature(key, pss) : X509SignatureGenerator.CreateForRSA(key, pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));

        var verdict = Judge(peer, [root], []);

        verdict.Reason.ShouldBe(hash == "SHA1" ? ConnectionReason.WeakCertificate : "", verdict.Explanation);
        if (hash == "SHA1")
        {
            verdict.Explanation.ShouldStartWith("certificate 'CN=peer' is signed with ");
        }
    }

    public void Dispose()
    {
        _issuing.Dispose();
        _root.Dispose();
    }

    private static AsymmetricAlgorithm Key(string kind) => kind switch
    {
        "RSA 1024" => RSA.Create(1024),
        "RSA 2048" => RSA.Create(2048),
        _ => ECDsa.Create(ECCurve.NamedCurves.nistP384),
    };

    private PeerVerdict Judge(HandMade peer, HandMade[] trusted, HandMade[] sent)
        => new PeerVerifier([.. trusted.Select(authority => authority.Certificate)], _clock)
            .Verify(peer.Certificate, [.. sent.Select(authority => authority.Certificate)], KeyUsage.Client);
}
