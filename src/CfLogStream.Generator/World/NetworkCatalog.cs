using System.Globalization;
using System.Text;

namespace CfLogStream.Generator.World;

/// <summary>The networks and data centres of the generated world.</summary>
/// <remarks>
/// Numbers and names of the autonomous systems are real, so that classification by network has something to recognise; the address blocks are not
/// theirs, or not theirs alone.
/// </remarks>
internal static class NetworkCatalog
{
    // code id
    private const string ColoTable = """
        IAD 29
        EWR 23
        ORD 18
        DFW 12
        LAX 19
        SEA 731
        ATL 10
        MIA 22
        YYZ 61
        FRA 637
        DUS 117
        HAM 142
        MUC 118
        LHR 21
        MAN 67
        CDG 36
        AMS 16
        MAD 37
        MXP 45
        WAW 58
        ARN 30
        DUB 84
        GRU 64
        GIG 127
        BOM 79
        DEL 87
        MAA 86
        NRT 35
        KIX 46
        SIN 31
        SYD 39
        MEL 40
        MEX 97
        """;

    // asn|description|country|kind|blocks|ipv6|city,region,lat,lon,colo;…
    private const string NetworkTable = """
        7922|COMCAST-7922|us|eyeball|24.61 67.163 73.92 98.207|2601:1c0|Seattle,WA,47.60340,-122.34140,SEA;Philadelphia,PA,39.95230,-75.16380,EWR;Chicago,IL,41.88350,-87.63050,ORD;Denver,CO,39.73830,-104.98710,DFW
        7018|ATT-INTERNET4|us|eyeball|12.180 45.17 99.60|2600:1700|Dallas,TX,32.77870,-96.82170,DFW;Atlanta,GA,33.74830,-84.39110,ATL;San Diego,CA,32.71620,-117.17580,LAX
        701|UUNET|us|eyeball|71.105 108.46 173.54|2600:4040|New York,NY,40.71270,-74.00590,EWR;Boston,MA,42.35970,-71.05420,EWR;Washington,DC,38.90150,-77.02060,IAD
        20115|CHARTER-20115|us|eyeball|24.178 66.190 97.88|2600:6c40|St Louis,MO,38.62730,-90.19790,ORD;Madison,WI,43.07310,-89.40120,ORD
        21928|T-MOBILE-AS21928|us|mobile|172.56 172.58|2607:fb90|Los Angeles,CA,34.05440,-118.24400,LAX;Miami,FL,25.77430,-80.19370,MIA;Houston,TX,29.76330,-95.36330,DFW
        577|BACOM|ca|eyeball|64.228 70.24|2605:8d80|Toronto,ON,43.64850,-79.38610,YYZ;Montreal,QC,45.50880,-73.58780,YYZ
        3320|DTAG Deutsche Telekom AG|de|eyeball|79.192 84.128 91.4|2003:e1|Berlin,BE,52.52440,13.41050,HAM;Frankfurt am Main,HE,50.11550,8.68420,FRA;Munich,BY,48.13740,11.57550,MUC;Cologne,NW,50.93330,6.95000,DUS
        3209|VODANET Vodafone GmbH|de|mobile|80.187 109.42|2a02:3033|Düsseldorf,NW,51.22170,6.77620,DUS;Hamburg,HH,53.55070,9.99300,HAM
        2856|BT-UK-AS BTnet UK Regional network|gb|eyeball|81.129 86.128 109.146|2a00:23c4|London,ENG,51.50850,-0.12570,LHR;Manchester,ENG,53.48090,-2.23740,MAN;Edinburgh,SCT,55.95210,-3.19650,MAN
        5607|BSKYB-BROADBAND-AS|gb|eyeball|2.216 90.192|2a02:c7f|Birmingham,ENG,52.48140,-1.89980,MAN;Leeds,ENG,53.79640,-1.54790,MAN
        3215|France Telecom - Orange|fr|eyeball|83.192 90.1|2a01:cb00|Paris,IDF,48.85340,2.34880,CDG;Lyon,ARA,45.74850,4.84670,CDG;Marseille,PAC,43.29690,5.38110,CDG
        12322|PROXAD|fr|mobile|78.192 82.64|2a01:e0a|Lille,HDF,50.63300,3.05860,CDG;Nantes,PDL,47.21720,-1.55340,CDG
        1136|KPN KPN National|nl|eyeball|77.160 86.80|2a02:a44f|Amsterdam,NH,52.37400,4.88970,AMS;Utrecht,UT,52.09080,5.12220,AMS
        3352|TELEFONICA_DE_ESPANA|es|eyeball|80.24 83.32|2a02:9130|Madrid,MD,40.41650,-3.70260,MAD;Sevilla,AN,37.38240,-5.97610,MAD
        3269|ASN-IBSNAZ|it|eyeball|79.0 87.0|2a01:2000|Milan,25,45.46430,9.18950,MXP;Rome,62,41.89190,12.51130,MXP
        5617|TPNET|pl|eyeball|79.184 83.0|2a01:110f|Warsaw,14,52.22980,21.01180,WAW;Kraków,12,50.06140,19.93660,WAW
        3301|TELIANET-SWEDEN Telia Company|se|eyeball|78.64 90.224||Stockholm,AB,59.33260,18.06490,ARN
        28573|Claro NXT Telecomunicacoes Ltda|br|eyeball|177.32 187.20|2804:14c|São Paulo,SP,-23.54750,-46.63610,GRU;Rio de Janeiro,RJ,-22.90280,-43.20750,GIG
        26599|TELEFONICA BRASIL S.A|br|mobile|177.24 191.248|2804:18|São Paulo,SP,-23.54750,-46.63610,GRU;Campinas,SP,-22.90560,-47.06080,GRU
        55836|RELIANCEJIO-IN|in|mobile|49.32 157.32|2409:4042|Mumbai,MH,19.07280,72.88260,BOM;Chennai,TN,13.08780,80.27850,MAA;New Delhi,DL,28.63580,77.22450,DEL
        24560|AIRTELBROADBAND-AS-AP|in|eyeball|106.192 122.160|2401:4900|Bengaluru,KA,12.97190,77.59370,MAA;New Delhi,DL,28.63580,77.22450,DEL
        4713|OCN NTT Communications|jp|eyeball|114.160 153.128|2400:4050|Tokyo,13,35.68950,139.69170,NRT;Osaka,27,34.69370,135.50210,KIX
        1221|ASN-TELSTRA|au|eyeball|101.160 120.144|2001:8003|Sydney,NSW,-33.86780,151.20730,SYD;Melbourne,VIC,-37.81400,144.96330,MEL
        8151|UNINET|mx|eyeball|187.144 189.128|2806:106e|Mexico City,CMX,19.42850,-99.12770,MEX
        16509|AMAZON-02|us|hosting|3.120 18.192 52.28 54.72|2600:1f18|Ashburn,VA,39.04370,-77.48750,IAD;Boardman,OR,45.83990,-119.70060,SEA
        14618|AMAZON-AES|us|hosting|34.200 44.192 54.80||Ashburn,VA,39.04370,-77.48750,IAD
        396982|GOOGLE-CLOUD-PLATFORM|us|hosting|34.68 35.184|2600:1900|Council Bluffs,IA,41.26190,-95.86080,ORD;North Charleston,SC,32.88600,-80.01320,ATL
        8075|MICROSOFT-CORP-MSN-AS-BLOCK|us|hosting|20.40 40.76 52.160|2603:1030|Boydton,VA,36.66770,-78.38750,IAD;San Antonio,TX,29.42410,-98.49360,DFW
        24940|HETZNER-AS|de|hosting|88.198 95.216 159.69|2a01:4f8|Falkenstein,SN,50.47790,12.37130,FRA;Nürnberg,BY,49.45420,11.07750,MUC
        16276|OVH|fr|hosting|51.75 54.36 145.239|2001:41d0|Roubaix,HDF,50.69420,3.17460,CDG;Gravelines,HDF,50.98650,2.12810,AMS
        14061|DIGITALOCEAN-ASN|us|hosting|64.225 138.68 159.203|2604:a880|Clifton,NJ,40.85840,-74.16380,EWR;Santa Clara,CA,37.35410,-121.95520,LAX
        63949|AKAMAI-LINODE-AP Akamai Connected Cloud|us|hosting|45.33 172.104|2600:3c03|Cedar Knolls,NJ,40.82190,-74.44880,EWR;Fremont,CA,37.54830,-121.98860,LAX
        20473|AS-VULTR|us|hosting|45.63 149.28|2001:19f0|Piscataway,NJ,40.55110,-74.46060,EWR
        51167|CONTABO|de|hosting|161.97 207.180||Nürnberg,BY,49.45420,11.07750,MUC
        9009|M247|gb|hosting|89.238 193.148||London,ENG,51.50850,-0.12570,LHR
        27715|Locaweb Servicos de Internet S/A|br|hosting|186.202 191.252||São Paulo,SP,-23.54750,-46.63610,GRU
        132203|TENCENT-NET-AP-CN|sg|hosting|43.134 43.153||Singapore,01,1.28970,103.85010,SIN
        45102|ALIBABA-CN-NET|sg|hosting|8.222 47.236||Singapore,01,1.28970,103.85010,SIN
        131965|XSERVER Xserver Inc.|jp|hosting|162.43 183.90||Osaka,27,34.69370,135.50210,KIX
        200019|ALEXHOST|pl|hosting|176.123 194.26||Warsaw,14,52.22980,21.01180,WAW
        15169|GOOGLE|us|hosting|66.249 72.14|2001:4860|Mountain View,CA,37.38610,-122.08380,LAX
        714|APPLE-ENGINEERING|us|hosting|17.58 17.241||Cupertino,CA,37.32300,-122.03220,LAX
        36459|GITHUB|us|hosting|140.82 192.30||San Francisco,CA,37.77490,-122.41940,LAX
        17012|PAYPAL|us|hosting|64.4 173.0||San Jose,CA,37.33940,-121.89500,LAX
        62679|SHOPIFYASN1|ca|hosting|23.227 185.146||Toronto,ON,43.64850,-79.38610,YYZ
        11377|SENDGRID|us|hosting|167.89 168.245||Denver,CO,39.73830,-104.98710,DFW
        46475|LIMESTONENETWORKS|us|hosting|63.143 69.162||Dallas,TX,32.77870,-96.82170,DFW
        209242|CLOUDFLARESPECTRUM|us|hosting|104.28 172.71|2a06:98c0|Ashburn,VA,39.04370,-77.48750,IAD
        """;

    /// <summary>The data centres, in table order.</summary>
    public static readonly Colo[] Colos = [.. Lines(ColoTable).Select(line => line.Split(' '))
        .Select(parts => new Colo(Encoding.ASCII.GetBytes(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture)))];

    /// <summary>All networks, in table order.</summary>
    public static readonly Network[] All = [.. Lines(NetworkTable).Select(Parse)];

    /// <summary>Networks of homes, offices and mobile carriers.</summary>
    public static readonly Network[] People = [.. All.Where(network => network.Kind != NetworkKind.Hosting)];

    /// <summary>Networks of mobile carriers, and some homes.</summary>
    public static readonly Network[] Phones =
    [
        .. All.Where(network => network.Kind == NetworkKind.Mobile), .. All.Where(network => network.Kind == NetworkKind.Eyeball).Take(8),
    ];

    /// <summary>Returns the networks with these numbers, in this order.</summary>
    public static Network[] Of(params uint[] asns) => [.. asns.Select(asn => All.First(network => network.Asn == asn))];

    private static string[] Lines(string table) => table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Network Parse(string line)
    {
        string[] parts = line.Split('|');
        return new Network
        {
            Asn = uint.Parse(parts[0], CultureInfo.InvariantCulture),
            Description = Encoding.UTF8.GetBytes(parts[1]),
            Country = Encoding.ASCII.GetBytes(parts[2]),
            Kind = Enum.Parse<NetworkKind>(parts[3], ignoreCase: true),
            Blocks = [.. parts[4].Split(' ').Select(block => block.Split('.')).Select(octets =>
                (byte.Parse(octets[0], CultureInfo.InvariantCulture), byte.Parse(octets[1], CultureInfo.InvariantCulture)))],
            Block6 = Encoding.ASCII.GetBytes(parts[5]),
            Cities = [.. parts[6].Split(';').Select(ParseCity)],
        };
    }

    private static City ParseCity(string text)
    {
        string[] parts = text.Split(',');
        Colo colo = Colos.First(candidate => Encoding.ASCII.GetString(candidate.Code) == parts[4]);
        byte[][] texts = [.. parts.Select(Encoding.UTF8.GetBytes)];
        return new City(texts[0], texts[1], texts[2], texts[3], colo);
    }
}
