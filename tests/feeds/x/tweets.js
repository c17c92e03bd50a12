window.YTD.tweets.part0 = [
  {"tweet" : {"id_str" : "100", "created_at" : "Thu May 09 22:30:00 +0000 2019", "lang" : "en", "full_text" : "Four people were killed in Lower Marsh when a rocket hit a bakery, the hospital says. More: https://t.co/abc https://t.co/pic",
    "entities" : {"urls" : [{"url" : "https://t.co/abc", "expanded_url" : "https://warwatch.example/1"}], "media" : [{"url" : "https://t.co/pic"}]}}},
  {"tweet" : {"id_str" : "101", "created_at" : "Fri May 10 06:00:00 +0000 2019", "lang" : "en", "full_text" : "RT @HarbourPost: Fighters &amp; residents are still in the town hall of Oakford, our reporter says."}}
]
