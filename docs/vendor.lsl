// A vendor of one product: it asks the price, is paid, and hands over; it pays refunds where the owner lets it.
// Put the product and this script into one prim. docs/vendors.md walks through it.

string SERVER = "https://shop.example/api/v1/";
string KEY = "sa_...";          // of this vendor; keep the script no-modify for others
string PRODUCT = "Oak Table";   // as it is called in the store, and in this prim
integer PAYS_OUT = FALSE;       // TRUE where the key pays out: the owner is asked for permission

float ASK_AGAIN = 10.0;         // seconds until a question without an answer is asked again
integer QUOTE_HOLDS = 60;       // seconds that a resident has to pay, far less than the quote holds

// Who is being served: one at a time.
key buyer = NULL_KEY;
string quote;
integer served_until;

// The question that waits for an answer. It stands in linkset data until it has one, so that it outlives a
// reset of the script and a restart of the region; it is always asked again under the key it has.
key request = NULL_KEY;
integer asked;

key listing = NULL_KEY;     // what is claimed by GET
key transfer = NULL_KEY;    // what is being paid
string paying;              // the payout that it is for

string new_key()
{
    integer n = (integer)llLinksetDataRead("n") + 1;
    llLinksetDataWrite("n", (string)n);
    return "v:" + llGetSubString((string)llGetKey(), 0, 7) + ":" + (string)llGetUnixTime() + ":" + (string)n;
}

list options(string method)
{
    return [HTTP_METHOD, method, HTTP_MIMETYPE, "application/json;charset=utf-8", HTTP_BODY_MAXLENGTH, 2048,
            HTTP_CUSTOM_HEADER, "Authorization", "Bearer " + KEY];
}

string open_question()
{
    return llLinksetDataRead("q:" + (string)((integer)llLinksetDataRead("first") + 1));
}

string path_of(string question)
{
    return llGetSubString(question, 0, llSubStringIndex(question, "\n") - 1);
}

string body_of(string question)
{
    return llGetSubString(question, llSubStringIndex(question, "\n") + 1, -1);
}

// Write a question down, then ask it. Others wait in a queue.
ask(string path, list fields)
{
    string body = llList2Json(JSON_OBJECT, ["key", new_key()] + fields);
    integer last = (integer)llLinksetDataRead("last") + 1;
    llLinksetDataWrite("q:" + (string)last, path + "\n" + body);
    llLinksetDataWrite("last", (string)last);
    ask_first();
}

ask_first()
{
    string question = open_question();
    if (request != NULL_KEY || question == "") return;
    // A null key means that we ask too often: the timer tries again.
    request = llHTTPRequest(SERVER + path_of(question), options("POST"), body_of(question));
    asked = llGetUnixTime();
}

// What became of it is final: it is taken out of the queue.
string answered()
{
    string question = open_question();
    integer first = (integer)llLinksetDataRead("first") + 1;
    llLinksetDataDelete("q:" + (string)first);
    llLinksetDataWrite("first", (string)first);
    request = NULL_KEY;
    return question;
}

string person(key who)
{
    return llList2Json(JSON_OBJECT, ["uuid", who, "name", llKey2Name(who)]);
}

free()
{
    buyer = NULL_KEY;
    quote = "";
    llSetPayPrice(PAY_HIDE, [PAY_HIDE, PAY_HIDE, PAY_HIDE, PAY_HIDE]);
}

quoted(string body)
{
    if (llJsonGetValue(body, ["code"]) != JSON_INVALID)
    {
        llRegionSayTo(buyer, 0, llJsonGetValue(body, ["detail"]));
        free();
        return;
    }
    quote = llJsonGetValue(body, ["id"]);
    integer money = (integer)llJsonGetValue(body, ["money"]);
    served_until = llGetUnixTime() + QUOTE_HOLDS;
    llSetPayPrice(PAY_HIDE, [money, PAY_HIDE, PAY_HIDE, PAY_HIDE]);
    llRegionSayTo(buyer, 0, PRODUCT + " costs you L$" + (string)money + ". Pay me within a minute.");
    list why = llJson2List(llJsonGetValue(body, ["why"]));
    if (why != []) llRegionSayTo(buyer, 0, llDumpList2String(why, "\n"));
}

sold(key payer, string body)
{
    // What was paid for nothing is owed back already, as a payout: a vendor that pays out will find it.
    if (llJsonGetValue(body, ["code"]) != JSON_INVALID)
        llInstantMessage(payer, llJsonGetValue(body, ["detail"]) + " You get your money back.");
    else
        llInstantMessage(payer, "Thank you! It is on its way.");
    if (payer == buyer) free();
    claim("deliveries");
}

claim(string what)
{
    listing = llHTTPRequest(SERVER + what, options("GET"), "");
}

// Each delivery has an id: what was handed over once under it is not handed over again.
hand_over(string row)
{
    string id = llJsonGetValue(row, ["delivery"]);
    key who = (key)llJsonGetValue(row, ["recipient"]);
    string product = llJsonGetValue(row, ["product"]);
    integer done = llLinksetDataRead("d:" + id) != "";
    if (!done && llGetInventoryType(product) != INVENTORY_NONE)
    {
        if (who)    // somebody whose uuid is known
        {
            llLinksetDataWrite("d:" + id, "1");
            llGiveInventory(who, product);
            done = TRUE;
        }
    }
    if (done) ask("deliveries/" + id, ["state", "delivered"]);
    else ask("deliveries/" + id, ["state", "failed", "note", "not in this vendor"]);
}

// Of each payout is written down "?" before it is paid, then the transaction, or "!" where it was not paid. One
// that is claimed again with "?" was broken off between the two: a person looks whether it was paid.
pay(string row)
{
    string id = llJsonGetValue(row, ["id"]);
    string before = llLinksetDataRead("p:" + id);
    if (before == "?" || before == "!")
    {
        if (transfer == NULL_KEY || id != paying)
            ask("payouts/" + id, ["state", "failed", "note", "see in-world whether it was paid"]);
    }
    else if (before != "") ask("payouts/" + id, ["state", "paid", "transaction", before]);
    else if (transfer == NULL_KEY)
    {
        llLinksetDataWrite("p:" + id, "?");
        paying = id;
        transfer = llTransferLindenDollars((key)llJsonGetValue(row, ["uuid"]),
                                           (integer)llJsonGetValue(row, ["amount"]));
    }
}

default
{
    state_entry()
    {
        free();
        llSetClickAction(CLICK_ACTION_TOUCH);
        if (PAYS_OUT) llRequestPermissions(llGetOwner(), PERMISSION_DEBIT);
        llSetTimerEvent(ASK_AGAIN);
        ask_first();
    }

    on_rez(integer start)
    {
        llResetScript();
    }

    touch_start(integer n)
    {
        key who = llDetectedKey(0);
        if (buyer != NULL_KEY && buyer != who && llGetUnixTime() < served_until)
        {
            llRegionSayTo(who, 0, "I am serving somebody: a moment, please.");
            return;
        }
        free();
        buyer = who;
        served_until = llGetUnixTime() + QUOTE_HOLDS;
        ask("quotes", ["product", PRODUCT, "buyer", person(who)]);
    }

    money(key who, integer amount)
    {
        list fields = ["buyer", person(who), "paid", amount];
        // Without a quote of theirs it is sold at the price of this moment, or owed back.
        if (who == buyer && quote != "") fields += ["quote", quote];
        else fields += ["product", PRODUCT];
        quote = "";
        ask("purchases", fields);
    }

    http_response(key id, integer status, list metadata, string body)
    {
        if (id == listing)
        {
            listing = NULL_KEY;
            list rows = llJson2List(llJsonGetValue(body, ["deliveries"]));
            integer i;
            for (i = 0; i < llGetListLength(rows); ++i) hand_over(llList2String(rows, i));
            rows = llJson2List(llJsonGetValue(body, ["payouts"]));
            for (i = 0; i < llGetListLength(rows); ++i) pay(llList2String(rows, i));
            return;
        }
        if (id != request) return;
        string code = llJsonGetValue(body, ["code"]);
        // 499, 502 and the like, and what is busy: it may have been done. The timer asks again, with the same key.
        // So it does with a key that is refused, until the owner has put another one into the script.
        if (llJsonValueType(body, []) != JSON_OBJECT || status == 401 || status == 429 || status >= 499
            || code == "in_flight")
        {
            if (status == 401) llOwnerSay("The key of this vendor opens nothing any more.");
            request = NULL_KEY;
            integer wait = (integer)llJsonGetValue(body, ["retry_after"]);
            if (wait > 0) asked = llGetUnixTime() + wait;
            return;
        }
        string question = answered();
        string path = path_of(question);
        if (path == "quotes") quoted(body);
        else if (path == "purchases") sold((key)llJsonGetValue(body_of(question), ["buyer", "uuid"]), body);
        // Once it is known that it was not paid, it may be paid when the owner lets it be tried again.
        else if (llJsonGetValue(body, ["state"]) == "failed" && llSubStringIndex(path, "payouts/") == 0)
            llLinksetDataDelete("p:" + llGetSubString(path, 8, -1));
        ask_first();
    }

    transaction_result(key id, integer success, string data)
    {
        if (id != transfer) return;
        transfer = NULL_KEY;
        if (success)
        {
            llLinksetDataWrite("p:" + paying, data);
            ask("payouts/" + paying, ["state", "paid", "transaction", data]);
        }
        else
        {
            llLinksetDataWrite("p:" + paying, "!");
            ask("payouts/" + paying, ["state", "failed", "note", data]);
        }
    }

    timer()
    {
        if (buyer != NULL_KEY && llGetUnixTime() > served_until) free();
        if (llGetUnixTime() > asked + (integer)ASK_AGAIN)
        {
            request = NULL_KEY;
            ask_first();
        }
        // Nothing is claimed while a report waits: what it tells of would be claimed again.
        if (open_question() == "" && listing == NULL_KEY)
        {
            if (PAYS_OUT && llGetUnixTime() % 60 < (integer)ASK_AGAIN) claim("payouts");
            else claim("deliveries");
        }
    }
}
