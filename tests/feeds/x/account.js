window.YTD.account.part0 = [
  {"account" : {"email" : "desk@warwatch.example", "username" : "warwatch", "accountId" : "42", "accountDisplayName" : "War Watch"}}
]
